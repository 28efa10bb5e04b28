// Ranges, rich queries and histories of a real ledger, and errors of the ledger.
#include <catch2/catch.hpp>
#include <set>
#include <stdexcept>

#include "fabric/ledger/kv_query_result.pb.h"
#include "service/ledger/state/definition.h"
#include "tests/support/chaincode_rig.h"
#include "tests/support/ledger_rig.h"

namespace ccbus::test {
namespace {

using Catch::Matchers::Contains;
using chaincode::State;

ChaincodeMessage query(const std::string& tx, const std::string& selector) {
  protos::GetQueryResult payload;
  payload.set_query(R"({"selector":)" + selector + "}");
  return message(ChaincodeMessage::GET_QUERY_RESULT, tx, payload.SerializeAsString());
}

ChaincodeMessage history(const std::string& tx, const std::string& key) {
  protos::GetHistoryForKey payload;
  payload.set_key(key);
  return message(ChaincodeMessage::GET_HISTORY_FOR_KEY, tx, payload.SerializeAsString());
}

// A chaincode in the middle of tx1, on a ledger in which the key "a" has changed twice.
struct Rigged {
  Rigged() {
    ledger.write({{"a", R"({"n":1})"}, {"b", R"({"n":2})"}});
    ledger.write({{"a", R"({"n":3})"}});
    rig.read_from(ledger.ledger().snapshot());
    shim.emplace(rig.ready_shim("basic"));
    call = &rig.invoke("basic", "tx1");
  }

  const ChaincodeMessage& ask(const ChaincodeMessage& request) {
    shim->sends(request);
    rig.run_jobs();
    return shim->last();
  }

  protos::QueryResponse response(const ChaincodeMessage& request) {
    const auto& reply = ask(request);
    REQUIRE(reply.type() == ChaincodeMessage::RESPONSE);
    protos::QueryResponse parsed;
    REQUIRE(parsed.ParseFromString(reply.payload()));
    return parsed;
  }

  LedgerRig ledger;
  ChaincodeRig rig;
  std::optional<FakeShim> shim;
  Call* call = nullptr;
};

template <class Result>
Result result(const protos::QueryResponse& response, int index) {
  Result parsed;
  REQUIRE(parsed.ParseFromString(response.results(index).resultbytes()));
  return parsed;
}

TEST_CASE("range, rich query and history each answer with an id of their own",
          "[chaincode][row-90]") {
  Rigged r;
  const auto range = r.response(get_range("tx1", "", ""));
  REQUIRE(range.results_size() == 2);
  CHECK(result<queryresult::KV>(range, 0).key() == "a");
  CHECK(result<queryresult::KV>(range, 0).value() == R"({"n":3})");

  const auto rich = r.response(query("tx1", R"({"n":2})"));
  REQUIRE(rich.results_size() == 1);
  CHECK(result<queryresult::KV>(rich, 0).key() == "b");
  CHECK(result<queryresult::KV>(rich, 0).namespace_() == "basic");

  const auto changes = r.response(history("tx1", "a"));
  REQUIRE(changes.results_size() == 2);
  CHECK(result<queryresult::KeyModification>(changes, 0).value() == R"({"n":3})");
  CHECK(result<queryresult::KeyModification>(changes, 1).value() == R"({"n":1})");

  const std::set<std::string> ids = {range.id(), rich.id(), changes.id()};
  CHECK(ids.size() == 3);
  CHECK(ids.count("") == 0);
}

TEST_CASE("a query that cannot be answered leaves no iterator behind", "[chaincode][row-91]") {
  Rigged r;
  CHECK_THAT(r.ask(query("tx1", R"({"a":{"$no":1}})")).payload(),
             Contains("GET_QUERY_RESULT failed: transaction ID: tx1: ") && Contains("$no"));
  CHECK(r.ask(query_next("tx1", "1")).payload() ==
        "QUERY_STATE_NEXT failed: transaction ID: tx1: query iterator not found");
  CHECK(r.response(get_range("tx1", "", "")).results_size() == 2);
}

// A state of which only the definitions can be read. Every other read fails.
class BrokenView final : public MapStateView {
 public:
  BrokenView() : MapStateView({}) {}
  Result<bool> read(std::string_view ns, std::string_view key,
                    ledger::VersionedValue& found) const override {
    if (ns == ledger::kLifecycleNamespace) return MapStateView::read(ns, key, found);
    return broken();
  }
  Result<std::optional<ledger::Version>> version_of(std::string_view,
                                                    std::string_view) const override {
    return broken();
  }
  Result<std::unique_ptr<ledger::StateCursor>> range(std::string_view, std::string_view,
                                                     std::string_view) const override {
    return broken();
  }
  Result<std::unique_ptr<ledger::HistoryCursor>> history(std::string_view,
                                                         std::string_view) const override {
    return broken();
  }

 private:
  static unexpected<Error> broken() {
    return fail(ErrorCode::kIo, "/var/lib/ccbus/000012.sst: input/output error");
  }
};

template <class Payload>
ChaincodeMessage of_key(ChaincodeMessage::Type type, const std::string& collection = "") {
  Payload payload;
  payload.set_key("k");
  if constexpr (requires { payload.set_collection(""); }) payload.set_collection(collection);
  if constexpr (requires { payload.mutable_metadata(); }) payload.mutable_metadata();
  return message(type, "tx2", payload.SerializeAsString());
}

TEST_CASE("after a disk error the chaincode gets no file name, but the log has it",
          "[chaincode][row-63][row-76]") {
  Rigged r;
  r.rig.read_from(std::make_shared<BrokenView>());
  r.rig.invoke("basic", "tx2");
  protos::GetStateMultiple several;
  several.add_keys("k");
  const std::string implicit = "_implicit_org_Org1MSP";
  const std::vector<ChaincodeMessage> reads = {
      get_state("tx2", "k"),
      get_state("tx2", "k", implicit),
      message(ChaincodeMessage::GET_STATE_MULTIPLE, "tx2", several.SerializeAsString()),
      of_key<protos::GetStateMetadata>(ChaincodeMessage::GET_STATE_METADATA),
      of_key<protos::GetState>(ChaincodeMessage::GET_PRIVATE_DATA_HASH, implicit),
      get_range("tx2", "", ""),
      query("tx2", "{}"),
      history("tx2", "k"),
  };
  for (const auto& read : reads) {
    const auto failed = r.rig.counters().get(Counter::kRequestsFailed);
    CHECK(r.ask(read).payload() == ChaincodeMessage::Type_Name(read.type()) +
                                       " failed: transaction ID: tx2: the ledger cannot be read");
    CHECK(r.rig.counters().get(Counter::kRequestsFailed) == failed + 1);
  }
  CHECK_THAT(r.rig.log(), Contains("ledger.read_failed") && Contains("000012.sst"));
}

TEST_CASE("a write that the simulator refuses is answered with the simulator's text",
          "[chaincode][row-76][row-135]") {
  Rigged r;
  r.rig.invoke("basic", "tx2");
  CHECK(r.ask(get_range("tx2", "", "", 1)).type() == ChaincodeMessage::RESPONSE);
  protos::WriteBatchState batch;
  batch.add_rec()->set_type(protos::WriteRecord::PUT_STATE);
  const std::string implicit = "_implicit_org_Org1MSP";
  const std::vector<ChaincodeMessage> writes = {
      put_state("tx2", "k", "v"),
      del_state("tx2", "k"),
      of_key<protos::PutState>(ChaincodeMessage::PUT_STATE, implicit),
      of_key<protos::PutStateMetadata>(ChaincodeMessage::PUT_STATE_METADATA),
      of_key<protos::DelState>(ChaincodeMessage::PURGE_PRIVATE_DATA, implicit),
      message(ChaincodeMessage::WRITE_BATCH_STATE, "tx2", batch.SerializeAsString()),
  };
  for (const auto& write : writes) {
    CHECK(r.ask(write).payload() ==
          ChaincodeMessage::Type_Name(write.type()) +
              " failed: transaction ID: tx2: txid [tx2]: unsuppored transaction. Transaction has "
              "already performed a paginated query. Writes are not allowed");
  }
}

// Throws an exception, as a bug of the service would.
class ThrowingView final : public MapStateView {
 public:
  ThrowingView() : MapStateView({}) {}
  Result<bool> read(std::string_view ns, std::string_view key,
                    ledger::VersionedValue& found) const override {
    if (ns == ledger::kLifecycleNamespace) return MapStateView::read(ns, key, found);
    throw std::logic_error("cannot happen");
  }
};

TEST_CASE("an exception while a request is served fails only that request", "[chaincode][row-64]") {
  Rigged r;
  r.rig.read_from(std::make_shared<ThrowingView>());
  const auto& other = r.rig.invoke("basic", "tx2");
  CHECK(r.ask(get_state("tx2", "k")).payload() ==
        "GET_STATE failed: transaction ID: tx2: panic during execution");
  CHECK_THAT(r.rig.log(), Contains("request.exception") && Contains("cannot happen"));
  CHECK(r.rig.state("basic") == State::kReady);
  CHECK(r.ask(put_state("tx2", "k", "v")).type() == ChaincodeMessage::RESPONSE);
  CHECK(r.ask(get_state("tx1", "a")).payload() == R"({"n":3})");
  r.shim->sends(completed("tx2"));
  CHECK(other.outcomes().size() == 1);
}

TEST_CASE("requests are counted when they are answered; dropped ones separately",
          "[chaincode][row-65]") {
  Rigged r;
  auto& counters = r.rig.counters();
  CHECK(counters.get(Counter::kRequestsServed) == 0);
  r.ask(get_state("tx1", "a"));
  CHECK(counters.get(Counter::kRequestsServed) == 1);
  r.shim->sends(query("tx1", "{}"));
  CHECK(counters.get(Counter::kRequestsServed) == 1);
  r.shim->sends(get_state("tx1", "a"));
  CHECK(counters.get(Counter::kRequestsDropped) == 1);
  r.rig.run_jobs();
  CHECK(counters.get(Counter::kRequestsServed) == 2);
  CHECK(counters.get(Counter::kRequestsFailed) == 0);
}

}  // namespace
}  // namespace ccbus::test
