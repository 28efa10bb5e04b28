#include <catch2/catch.hpp>

#include "fabric/ledger/kv_query_result.pb.h"
#include "fabric/ledger/kv_rwset.pb.h"
#include "tests/support/chaincode_rig.h"

namespace ccbus::test {
namespace {

using Catch::Matchers::Contains;
using chaincode::Options;

std::string numbered(int i) {
  std::string digits = std::to_string(i);
  return "key" + std::string(4 - digits.size(), '0') + digits;
}

// A ready chaincode in the middle of tx1, with `count` keys in the state.
struct Rigged {
  explicit Rigged(int count = 0, const Options& options = {}) : rig(options) {
    for (int i = 0; i < count; ++i) rig.write("basic", numbered(i), "v" + std::to_string(i));
    shim.emplace(rig.ready_shim("basic:1.0"));
    call = &rig.invoke("basic", "tx1");
  }

  const ChaincodeMessage& ask(const ChaincodeMessage& request) {
    shim->sends(request);
    return shim->last();
  }

  protos::QueryResponse query(const ChaincodeMessage& request) {
    const auto& reply = ask(request);
    REQUIRE(reply.type() == ChaincodeMessage::RESPONSE);
    protos::QueryResponse response;
    REQUIRE(response.ParseFromString(reply.payload()));
    return response;
  }

  kvrwset::KVRWSet finish() {
    shim->sends(completed("tx1"));
    auto results = call->results.at(0).simulator->results();
    REQUIRE(results.has_value());
    REQUIRE(results->public_data.ns_rwset_size() == 1);
    CHECK(results->public_data.ns_rwset(0).namespace_() == "basic");
    kvrwset::KVRWSet set;
    REQUIRE(set.ParseFromString(results->public_data.ns_rwset(0).rwset()));
    return set;
  }

  ChaincodeRig rig;
  std::optional<FakeShim> shim;
  Call* call = nullptr;
};

TEST_CASE("GET_STATE answers with the value, or an empty payload for an absent key",
          "[chaincode][row-53][row-77]") {
  Rigged r(1);
  const auto& reply = r.ask(get_state("tx1", "key0000"));
  CHECK(reply.type() == ChaincodeMessage::RESPONSE);
  CHECK(reply.payload() == "v0");
  CHECK(reply.txid() == "tx1");
  CHECK(reply.channel_id() == "ch1");
  CHECK(r.ask(get_state("tx1", "absent")).type() == ChaincodeMessage::RESPONSE);
  CHECK(r.shim->last().payload().empty());
}

TEST_CASE("PUT_STATE writes to the namespace of the name invoked, not registered",
          "[chaincode][row-69]") {
  Rigged r;
  const auto& reply = r.ask(put_state("tx1", "k", "v"));
  CHECK(reply.type() == ChaincodeMessage::RESPONSE);
  CHECK(reply.payload().empty());
  const auto set = r.finish();
  REQUIRE(set.writes_size() == 1);
  CHECK(set.writes(0).key() == "k");
  CHECK(set.writes(0).value() == "v");
}

TEST_CASE("reads do not see the transaction's own writes", "[chaincode][row-125]") {
  Rigged r(1);
  r.ask(put_state("tx1", "key0000", "new"));
  CHECK(r.ask(get_state("tx1", "key0000")).payload() == "v0");
}

TEST_CASE("DEL_STATE succeeds, for an absent key too", "[chaincode][row-78]") {
  Rigged r(1);
  CHECK(r.ask(del_state("tx1", "key0000")).type() == ChaincodeMessage::RESPONSE);
  CHECK(r.ask(del_state("tx1", "absent")).type() == ChaincodeMessage::RESPONSE);
  const auto set = r.finish();
  REQUIRE(set.writes_size() == 2);
  CHECK(set.writes(0).is_delete());
  CHECK(set.writes(1).is_delete());
}

TEST_CASE("a request without a transaction is refused", "[chaincode][row-56]") {
  Rigged r;
  for (int i = 1; i <= 2; ++i) {  // A refused request does not count as an open one.
    CHECK(r.ask(get_state("tx-id", "k")).payload() ==
          "GET_STATE failed: transaction ID: tx-id: no ledger context");
    CHECK(r.rig.counters().get(Counter::kRequestsFailed) == static_cast<std::uint64_t>(i));
  }
}

TEST_CASE("every type of request refuses a payload that cannot be decoded", "[chaincode][row-75]") {
  const auto type =
      GENERATE(ChaincodeMessage::GET_STATE, ChaincodeMessage::PUT_STATE,
               ChaincodeMessage::DEL_STATE, ChaincodeMessage::GET_STATE_BY_RANGE,
               ChaincodeMessage::QUERY_STATE_NEXT, ChaincodeMessage::QUERY_STATE_CLOSE);
  Rigged r;
  const auto& reply = r.ask(message(type, "tx1", "\xff\xff\xff"));
  CHECK(r.call->outcomes().empty());
  CHECK(reply.type() == ChaincodeMessage::ERROR);
  CHECK_THAT(reply.payload(), Contains(ChaincodeMessage::Type_Name(type) +
                                       " failed: transaction ID: tx1: unmarshal failed: "));
}

TEST_CASE("a key that is not UTF-8 cannot be decoded", "[chaincode]") {
  Rigged r;
  const auto& reply =
      r.ask(message(ChaincodeMessage::GET_STATE, "tx1", std::string("\x0a\x02\xff\xfe", 4)));
  CHECK_THAT(reply.payload(), Contains("unmarshal failed"));
}

TEST_CASE("batches of a range are never empty and never too large",
          "[chaincode][row-96][row-97][row-98][row-99]") {
  struct Case {
    int total, batch, limit;
    std::vector<int> sizes;
  };
  const Case c = GENERATE(values<Case>({
      {0, 10, 103, {0}},
      {1, 10, 103, {1}},
      {9, 10, 103, {9}},
      {10, 10, 103, {10}},
      {11, 10, 103, {10, 1}},
      {20, 10, 103, {10, 10}},
      {98, 10, 103, {10, 10, 10, 10, 10, 10, 10, 10, 10, 8}},
      {103, 10, 103, {10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 3}},
      {105, 10, 103, {10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 3}},
      {10, 4, 5, {4, 1}},
      {10, 5, 5, {5}},
      {10, 6, 5, {5}},
  }));
  Options options;
  options.request_limits.results_per_page = static_cast<std::size_t>(c.batch);
  options.request_limits.results_per_query = static_cast<std::uint32_t>(c.limit);
  Rigged r(c.total, options);
  std::vector<int> sizes;
  auto response = r.query(get_range("tx1", "", ""));
  sizes.push_back(response.results_size());
  while (response.has_more()) {
    response = r.query(query_next("tx1", response.id()));
    sizes.push_back(response.results_size());
  }
  CHECK(sizes == c.sizes);
}

TEST_CASE("a range gives namespace, key and value in order", "[chaincode][row-90][row-130]") {
  Rigged r(10);
  const auto response = r.query(get_range("tx1", "key0002", "key0005"));
  REQUIRE(response.results_size() == 3);
  queryresult::KV kv;
  REQUIRE(kv.ParseFromString(response.results(0).resultbytes()));
  CHECK(kv.namespace_() == "basic");
  CHECK(kv.key() == "key0002");
  CHECK(kv.value() == "v2");
  CHECK_FALSE(response.id().empty());
}

TEST_CASE("an exhausted query is unknown to NEXT, but CLOSE succeeds",
          "[chaincode][row-92][row-93][row-94]") {
  Rigged r(1);
  const auto response = r.query(get_range("tx1", "", ""));
  CHECK(response.results_size() == 1);
  CHECK_FALSE(response.has_more());
  const auto& error = r.ask(query_next("tx1", response.id()));
  CHECK(error.payload() ==
        "QUERY_STATE_NEXT failed: transaction ID: tx1: query iterator not found");
  const auto closed = r.query(query_close("tx1", response.id()));
  CHECK_FALSE(closed.has_more());
  CHECK(closed.id() == response.id());
}

TEST_CASE("an iterator belongs to its transaction", "[chaincode]") {
  Rigged r(101);
  const auto response = r.query(get_range("tx1", "", ""));
  REQUIRE(response.has_more());
  r.rig.invoke("basic", "tx2");
  CHECK_THAT(r.ask(query_next("tx2", response.id())).payload(),
             Contains("query iterator not found"));
  CHECK(r.query(query_next("tx1", response.id())).results_size() == 1);
}

TEST_CASE("open iterators are limited", "[chaincode]") {
  Options options;
  options.request_limits.iterators_max = 2;
  Rigged r(101, options);
  const auto first = r.query(get_range("tx1", "", ""));
  r.query(get_range("tx1", "", ""));
  CHECK_THAT(r.ask(get_range("tx1", "", "")).payload(), Contains("2 are open and the limit is 2"));
  r.query(query_close("tx1", first.id()));
  CHECK(r.ask(get_range("tx1", "", "")).type() == ChaincodeMessage::RESPONSE);
}

TEST_CASE("the next page begins at the bookmark of the page before",
          "[chaincode][row-100][row-101][row-131]") {
  Rigged r(10);
  std::vector<int> sizes;
  std::string bookmark;
  do {
    const auto page = r.query(get_range("tx1", "key0002", "key0007", 2, bookmark));
    CHECK_FALSE(page.has_more());
    protos::QueryResponseMetadata metadata;
    REQUIRE(metadata.ParseFromString(page.metadata()));
    CHECK(metadata.fetched_records_count() == page.results_size());
    sizes.push_back(page.results_size());
    bookmark = metadata.bookmark();
  } while (!bookmark.empty());
  CHECK(sizes == std::vector{2, 2, 1});
}

TEST_CASE("a page is not cut at the batch size, but at the query limit", "[chaincode]") {
  Options options;
  options.request_limits.results_per_page = 3;
  options.request_limits.results_per_query = 8;
  Rigged r(10, options);
  CHECK(r.query(get_range("tx1", "", "", 7)).results_size() == 7);
  CHECK(r.query(get_range("tx1", "", "", 100)).results_size() == 8);
}

TEST_CASE("a transaction with a paginated query may not write", "[chaincode][row-135]") {
  Rigged paged(3);
  paged.query(get_range("tx1", "", "", 2));
  CHECK(paged.ask(put_state("tx1", "k", "v")).payload() ==
        "PUT_STATE failed: transaction ID: tx1: txid [tx1]: unsuppored transaction. Transaction "
        "has already performed a paginated query. Writes are not allowed");
  Rigged written(3);
  written.ask(put_state("tx1", "k", "v"));
  CHECK(written.ask(get_range("tx1", "", "", 2)).payload() ==
        "GET_STATE_BY_RANGE failed: transaction ID: tx1: txid [tx1]: unsuppored transaction. "
        "Paginated queries are supported only in a read-only transaction");
}

TEST_CASE("a negative page size is refused with its value", "[chaincode]") {
  Rigged r(3);
  CHECK_THAT(r.ask(get_range("tx1", "", "", -1)).payload(), Contains("page size -1 is negative"));
}

TEST_CASE("an answer that is too large to be sent fails its request, not the stream",
          "[chaincode]") {
  Rigged r(1);
  r.rig.outbox().break_sends("a message of 9 bytes exceeds the limit of 8",
                             ChaincodeMessage::RESPONSE, ErrorCode::kInvalid);
  const auto& reply = r.ask(get_state("tx1", "key0000"));
  CHECK(reply.payload() ==
        "GET_STATE failed: transaction ID: tx1: a message of 9 bytes exceeds the limit of 8");
  CHECK(r.rig.state("basic").has_value());
  CHECK(r.call->outcomes().empty());
}

TEST_CASE("a transaction that is too large to be sent fails without ending the stream",
          "[chaincode]") {
  Rigged r(1);
  r.rig.outbox().break_sends("a message of 9 bytes exceeds the limit of 8",
                             ChaincodeMessage::TRANSACTION, ErrorCode::kInvalid);
  const Call& large = r.rig.invoke("basic", "tx2");
  REQUIRE(large.outcomes() == std::vector{chaincode::Outcome::kExhausted});
  CHECK(large.error() == "TRANSACTION: a message of 9 bytes exceeds the limit of 8");
  CHECK(large.results[0].simulator != nullptr);
  CHECK(r.call->outcomes().empty());
  CHECK(r.ask(get_state("tx1", "key0000")).type() == ChaincodeMessage::RESPONSE);
}

TEST_CASE("the open iterators of a transaction are closed when it ends",
          "[chaincode][row-48][row-67]") {
  Rigged r(101);
  REQUIRE(r.query(get_range("tx1", "", "")).has_more());
  r.shim->sends(completed("tx1"));
  REQUIRE(r.call->results.size() == 1);
  CHECK(r.call->results[0].simulator->results().has_value());
}

}  // namespace
}  // namespace ccbus::test
