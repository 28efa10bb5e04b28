// All requests that a chaincode may send while it has an open transaction, on a ledger that has
// values, history, an index and a collection. Whatever the payload: each request is answered
// exactly once, the stream goes on, and the transaction ends once.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "service/base/assert.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/request_payload.h"
#include "tests/support/chaincode_rig.h"
#include "tests/support/ledger_rig.h"

namespace ccbus::fuzz {
namespace {

using protos::ChaincodeMessage;
using Type = ChaincodeMessage::Type;

constexpr std::array kRequests = {
    ChaincodeMessage::GET_STATE,          ChaincodeMessage::PUT_STATE,
    ChaincodeMessage::DEL_STATE,          ChaincodeMessage::GET_STATE_BY_RANGE,
    ChaincodeMessage::QUERY_STATE_NEXT,   ChaincodeMessage::QUERY_STATE_CLOSE,
    ChaincodeMessage::GET_QUERY_RESULT,   ChaincodeMessage::GET_HISTORY_FOR_KEY,
    ChaincodeMessage::GET_STATE_METADATA, ChaincodeMessage::PUT_STATE_METADATA,
    ChaincodeMessage::WRITE_BATCH_STATE,  ChaincodeMessage::GET_PRIVATE_DATA_HASH,
    ChaincodeMessage::PURGE_PRIVATE_DATA, ChaincodeMessage::GET_STATE_MULTIPLE,
    ChaincodeMessage::INVOKE_CHAINCODE};

constexpr std::array<std::string_view, 20> kWords = {
    "",
    "a",
    "b",
    "c",
    "zz",
    "c1",
    "c2",
    "basic",
    "other",
    "other/ch2",
    "ch1",
    "ch2",
    "tx1",
    "nil",
    R"({"selector":{"size":{"$gt":1}}})",
    R"({"selector":{"owner":"tom"},"sort":[{"owner":"desc"}],"fields":["size"]})",
    R"({"selector":{"size":{"$gte":0}},"limit":1,"use_index":"d"})",
    "\xff\xff",
    std::string_view("\0k", 2),
    "VALIDATION_PARAMETER"};

ChaincodeDefinition definition() {
  ChaincodeDefinition made;
  made.set_name("basic");
  made.set_sequence(1);
  auto& collection = *made.add_collections();
  collection.set_name("c1");
  collection.set_policy("OR('Org1MSP.member')");
  collection.add_member_orgs("Org1MSP");
  auto& index = *made.add_indexes();
  index.set_design_document("d");
  index.set_name("owner");
  index.add_fields("owner");
  return made;
}

// The ledger on which all inputs run. Nothing is committed to it after its construction.
struct Ledger {
  Ledger() {
    auto defining = rig.begin("define");
    CCBUS_ASSERT(defining->set_state("_lifecycle", "basic", definition().SerializeAsString()));
    rig.commit(defining);
    for (int version = 0; version < 3; ++version) {
      const std::string size = std::to_string(version);
      rig.write({{"a", R"({"owner":"tom","size":)" + size + "}"},
                 {"b", R"({"owner":"ann","size":7})"},
                 {"c", "no document " + size},
                 {"d" + size, R"({"size":[1,{"x":)" + size + "}]}"}});
    }
    for (bool has_more = true; has_more;) {
      const auto built = rig.ledger().build_indexes(100);
      CCBUS_ASSERT(built.has_value());
      has_more = built->has_more;
    }
  }

  test::LedgerRig rig;
};

chaincode::Options small_limits() {
  chaincode::Options options;
  options.request_limits.results_per_page = 2;
  options.request_limits.results_per_query = 5;
  options.request_limits.iterators_max = 3;
  options.request_limits.reply_bytes_max = 300;
  options.request_limits.batch_writes_max = 4;
  options.request_limits.multiple_keys_max = 4;
  return options;
}

bool is_answer(Type type) {
  return type == ChaincodeMessage::RESPONSE || type == ChaincodeMessage::ERROR;
}

void run(Input& input) {
  static Ledger& ledger = *new Ledger;  // RocksDB's own statics may end before ours.
  const MessageFiller filler(kWords);
  test::ChaincodeRig rig(input.below(2) == 0 ? chaincode::Options() : small_limits());
  rig.read_from(ledger.rig.ledger().snapshot());
  auto shim = rig.ready_shim("basic:1.0");
  const auto& call = rig.invoke("basic", "tx1");
  rig.signers().run_all(rig.now(), rig.engine());

  while (!input.empty()) {
    const auto before = shim.received().size();
    const Type type = kRequests[input.below(kRequests.size())];
    std::string payload = request_payload(type, filler, input);
    // A query that is open has the id that the engine gave it, not one of the words.
    if ((type == ChaincodeMessage::QUERY_STATE_NEXT ||
         type == ChaincodeMessage::QUERY_STATE_CLOSE) &&
        input.below(4) != 0) {
      for (const auto& message : shim.received()) {
        protos::QueryResponse response;
        if (response.ParseFromString(message.payload()) && !response.id().empty()) {
          protos::QueryStateNext next;
          next.set_id(response.id());
          payload = next.SerializeAsString();
        }
      }
    }
    shim.sends(test::message(type, "tx1", payload));
    rig.run_jobs();
    CCBUS_ASSERT(shim.received().size() == before + 1);
    CCBUS_ASSERT(is_answer(shim.last().type()) && shim.last().txid() == "tx1");
    CCBUS_ASSERT(call.results.empty() && !shim.was_ended());
  }
  shim.sends(test::completed("tx1"));
  CCBUS_ASSERT(call.results.size() == 1);
}

}  // namespace
}  // namespace ccbus::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ccbus::fuzz::Input input(data, size);
  ccbus::fuzz::run(input);
  return 0;
}
