// Several keys at once, batches, metadata, histories and rich queries, over real sockets.
#include "fabric/ledger/kv_query_result.pb.h"
#include "tests/support/network.h"

namespace ccbus::test {
namespace {

using protos::ChaincodeMessage;
using Record = protos::WriteRecord;

Record& add(protos::WriteBatchState& batch, Record::Type type, const std::string& key) {
  Record& record = *batch.add_rec();
  record.set_type(type);
  record.set_key(key);
  return record;
}

TEST_CASE("a batch is written with one request, and several keys are read with another",
          "[protocol][row-79][row-84][row-87]") {
  Network net;
  const auto writer = net.begin(1);
  protos::WriteBatchState batch;
  add(batch, Record::PUT_STATE, "a").set_value("1");
  add(batch, Record::PUT_STATE, "b").set_value("2");
  add(batch, Record::DEL_STATE, "c");
  Record& metadata = add(batch, Record::PUT_STATE_METADATA, "b");
  metadata.mutable_metadata()->set_metakey("m");
  metadata.mutable_metadata()->set_value("x");
  CHECK(net.answer(writer, ChaincodeMessage::WRITE_BATCH_STATE, batch).empty());
  net.commit(writer);

  const auto reader = net.begin(2);
  protos::GetStateMultiple get;
  for (const char* key : {"b", "c", "a"}) get.add_keys(key);
  const auto values = parsed<protos::GetStateMultipleResult>(
      net.answer(reader, ChaincodeMessage::GET_STATE_MULTIPLE, get));
  REQUIRE(values.values_size() == 3);
  CHECK(values.values(0) == "2");
  CHECK(values.values(1).empty());
  CHECK(values.values(2) == "1");

  protos::GetStateMetadata get_metadata;
  get_metadata.set_key("b");
  const auto entries = parsed<protos::StateMetadataResult>(
      net.answer(reader, ChaincodeMessage::GET_STATE_METADATA, get_metadata));
  REQUIRE(entries.entries_size() == 1);
  CHECK(entries.entries(0).metakey() == "m");
  CHECK(entries.entries(0).value() == "x");
  net.commit(reader);
}

TEST_CASE("a key's history is told newest first, with times and ids",
          "[protocol][row-90][row-150]") {
  Network net;
  std::vector<std::string> ids;
  for (const std::string value : {"one", "two", ""}) {
    const auto transaction = net.begin(1);
    net.put(transaction, "k", value);
    net.commit(transaction);
    ids.insert(ids.begin(), transaction.txid());
  }
  const auto reader = net.begin(2);
  protos::GetHistoryForKey get;
  get.set_key("k");
  const auto history =
      parsed<protos::QueryResponse>(net.answer(reader, ChaincodeMessage::GET_HISTORY_FOR_KEY, get));
  REQUIRE(history.results_size() == 3);
  for (int i = 0; i < 3; ++i) {
    const auto change = parsed<queryresult::KeyModification>(history.results(i).resultbytes());
    CHECK(change.tx_id() == ids[static_cast<std::size_t>(i)]);
    CHECK(change.is_delete() == (i == 0));
    CHECK(change.value() ==
          std::vector<std::string>{"", "two", "one"}[static_cast<std::size_t>(i)]);
    CHECK(change.timestamp().seconds() > 1'700'000'000);
  }
  net.commit(reader);
}

TEST_CASE("a rich query comes in batches, and in pages with bookmarks",
          "[protocol][row-90][row-97][row-100]") {
  Network net;
  const auto writer = net.begin(1);
  for (int i = 0; i < 102; ++i) {
    net.put(writer, "k" + std::to_string(100 + i), R"({"n":)" + std::to_string(i) + "}");
  }
  net.commit(writer);

  const auto reader = net.begin(2);
  protos::GetQueryResult query;
  query.set_query(R"({"selector":{"n":{"$gt":0}}})");
  auto batch =
      parsed<protos::QueryResponse>(net.answer(reader, ChaincodeMessage::GET_QUERY_RESULT, query));
  CHECK(batch.results_size() == 100);
  REQUIRE(batch.has_more());
  protos::QueryStateNext next;
  next.set_id(batch.id());
  batch =
      parsed<protos::QueryResponse>(net.answer(reader, ChaincodeMessage::QUERY_STATE_NEXT, next));
  REQUIRE(batch.results_size() == 1);
  CHECK_FALSE(batch.has_more());
  CHECK(parsed<queryresult::KV>(batch.results(0).resultbytes()).key() == "k201");

  std::vector<int> sizes;
  protos::QueryMetadata paging;
  paging.set_pagesize(60);
  do {
    query.set_metadata(paging.SerializeAsString());
    const auto page = parsed<protos::QueryResponse>(
        net.answer(reader, ChaincodeMessage::GET_QUERY_RESULT, query));
    const auto metadata = parsed<protos::QueryResponseMetadata>(page.metadata());
    CHECK(metadata.fetched_records_count() == page.results_size());
    sizes.push_back(page.results_size());
    paging.set_bookmark(metadata.bookmark());
  } while (sizes.back() == 60);
  CHECK(sizes == std::vector{60, 41});
  net.commit(reader);
}

}  // namespace
}  // namespace ccbus::test
