// What the engine counts for each channel and chaincode, and how long requests took.
#include "service/chaincode/transaction/shim_metrics.h"

#include <catch2/catch.hpp>
#include <string>

#include "tests/support/chaincode_rig.h"

namespace ccbus::test {
namespace {

// The counts of one type of request: received, completed with and without success, and the seconds.
struct Counted {
  std::uint64_t received = 0;
  std::uint64_t succeeded = 0;
  std::uint64_t failed = 0;
  double seconds = 0;
};

Counted counted(ChaincodeRig& rig, const std::string& channel, const std::string& chaincode,
                ChaincodeMessage::Type type) {
  Counted all;
  rig.engine().metrics().each([&](const auto& names, const chaincode::ShimMetrics& metrics) {
    if (names[0] != channel || names[1] != chaincode) return;
    const chaincode::RequestMetrics& requests = metrics.requests[type];
    const auto succeeded = requests.completed[1].snapshot();
    const auto failed = requests.completed[0].snapshot();
    all = {requests.received.get(), succeeded.count(), failed.count(), succeeded.sum + failed.sum};
  });
  return all;
}

std::uint64_t timeouts(ChaincodeRig& rig, const std::string& chaincode) {
  std::uint64_t count = 0;
  rig.engine().metrics().each([&](const auto& names, const chaincode::ShimMetrics& metrics) {
    if (names[1] == chaincode) count += metrics.execute_timeouts.get();
  });
  return count;
}

ChaincodeMessage rich_query(const std::string& tx) {
  protos::GetQueryResult payload;
  payload.set_query(R"({"selector":{}})");
  return message(ChaincodeMessage::GET_QUERY_RESULT, tx, payload.SerializeAsString());
}

TEST_CASE("a request is counted by type, channel and the name that was registered",
          "[chaincode][row-65]") {
  ChaincodeRig rig;
  FakeShim shim = rig.ready_shim("basic:1.0");
  rig.invoke("basic", "tx1");
  shim.sends(get_state("tx1", "a"));
  shim.sends(put_state("tx1", "a", "v"));
  shim.sends(get_state("tx1", "a"));
  shim.sends(get_state("tx1", ""));  // No key: refused.
  const Counted reads = counted(rig, "ch1", "basic:1.0", ChaincodeMessage::GET_STATE);
  CHECK(reads.received == 3);
  CHECK(reads.succeeded + reads.failed == 3);
  CHECK(counted(rig, "ch1", "basic:1.0", ChaincodeMessage::PUT_STATE).succeeded == 1);
  CHECK(counted(rig, "ch1", "basic:1.0", ChaincodeMessage::DEL_STATE).received == 0);
}

TEST_CASE("a request that fails is completed without success", "[chaincode][row-63]") {
  ChaincodeRig rig;
  FakeShim shim = rig.ready_shim("basic");
  rig.invoke("basic", "tx1");
  shim.sends(query_next("tx1", "no-such-query"));
  REQUIRE(shim.last().type() == ChaincodeMessage::ERROR);
  const Counted nexts = counted(rig, "ch1", "basic", ChaincodeMessage::QUERY_STATE_NEXT);
  CHECK(nexts.received == 1);
  CHECK(nexts.failed == 1);
  CHECK(nexts.succeeded == 0);
}

TEST_CASE("the duration of a request that waits for a worker ends with its answer",
          "[chaincode][row-65]") {
  ChaincodeRig rig;
  FakeShim shim = rig.ready_shim("basic");
  rig.invoke("basic", "tx1");
  shim.sends(rich_query("tx1"));
  CHECK(counted(rig, "ch1", "basic", ChaincodeMessage::GET_QUERY_RESULT).received == 1);
  CHECK(counted(rig, "ch1", "basic", ChaincodeMessage::GET_QUERY_RESULT).succeeded == 0);
  rig.advance(2s);
  rig.run_jobs();
  const Counted queries = counted(rig, "ch1", "basic", ChaincodeMessage::GET_QUERY_RESULT);
  CHECK(queries.succeeded + queries.failed == 1);
  CHECK(queries.seconds == Approx(2.0));
}

TEST_CASE("a dropped second request is not counted", "[chaincode]") {
  ChaincodeRig rig;
  FakeShim shim = rig.ready_shim("basic");
  rig.invoke("basic", "tx1");
  shim.sends(rich_query("tx1"));
  shim.sends(get_state("tx1", "a"));
  CHECK(counted(rig, "ch1", "basic", ChaincodeMessage::GET_STATE).received == 0);
}

TEST_CASE("a request whose transaction ends before its answer is completed without success",
          "[chaincode]") {
  ChaincodeRig rig;
  FakeShim shim = rig.ready_shim("basic");
  rig.invoke("basic", "tx1");
  shim.sends(rich_query("tx1"));
  shim.disappears();
  rig.run_jobs();
  const Counted queries = counted(rig, "ch1", "basic", ChaincodeMessage::GET_QUERY_RESULT);
  CHECK(queries.received == 1);
  CHECK(queries.failed == 1);
}

TEST_CASE("a request without a transaction creates no metrics for the channel it names",
          "[chaincode][row-56]") {
  ChaincodeRig rig;
  FakeShim shim = rig.ready_shim("basic");
  ChaincodeMessage stray = get_state("tx1", "a");
  stray.set_channel_id("invented");
  shim.sends(stray);
  CHECK(counted(rig, "invented", "basic", ChaincodeMessage::GET_STATE).received == 0);
  const Counted others = counted(rig, kOtherLabels, kOtherLabels, ChaincodeMessage::GET_STATE);
  CHECK(others.received == 1);
  CHECK(others.failed == 1);
}

TEST_CASE("a timeout is counted under the name that was registered", "[chaincode][row-116]") {
  chaincode::Options options;
  options.execute_timeout = 1s;
  ChaincodeRig rig(options);
  rig.ready_shim("basic:1.0");
  rig.invoke("basic", "tx1");
  CHECK(timeouts(rig, "basic:1.0") == 0);
  rig.advance(1s);
  CHECK(timeouts(rig, "basic:1.0") == 1);
}

}  // namespace
}  // namespace ccbus::test
