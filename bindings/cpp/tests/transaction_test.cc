#include <atomic>
#include <catch2/catch.hpp>
#include <condition_variable>
#include <future>
#include <map>
#include <mutex>
#include <set>
#include <stdexcept>

#include "bindings/cpp/tests/support/scripted_peer.h"
#include "bindings/cpp/tests/support/shim_rig.h"

using namespace ccbus::testing;
using namespace std::chrono_literals;
namespace shim = ccbus::shim;

TEST_CASE("state calls go to the peer one by one, and the answers come back", "[shim]") {
  ScriptedPeer peer;
  ShimRig rig(peer.endpoint(), [](shim::Stub& stub) {
    const std::string value = stub.get_state("k");
    stub.put_state("k", value + "!");
    stub.del_state("old");
    return shim::success(value);
  });
  const std::string chaincode = peer.accept();
  peer.say(chaincode, transaction_of({"f"}));

  const auto get = peer.hear(chaincode, ChaincodeMessage::GET_STATE);
  protos::GetState read;
  REQUIRE(read.ParseFromString(get.payload()));
  CHECK(read.key() == "k");
  CHECK(get.txid() == "tx-1");
  CHECK(get.channel_id() == "channel-1");
  peer.say(chaincode, message_of(ChaincodeMessage::RESPONSE, "v"));

  protos::PutState write;
  REQUIRE(write.ParseFromString(peer.hear(chaincode, ChaincodeMessage::PUT_STATE).payload()));
  CHECK(write.key() == "k");
  CHECK(write.value() == "v!");
  peer.say(chaincode, message_of(ChaincodeMessage::RESPONSE));

  protos::DelState deletion;
  REQUIRE(deletion.ParseFromString(peer.hear(chaincode, ChaincodeMessage::DEL_STATE).payload()));
  CHECK(deletion.key() == "old");
  peer.say(chaincode, message_of(ChaincodeMessage::RESPONSE));

  const auto completed = peer.hear(chaincode, ChaincodeMessage::COMPLETED);
  CHECK(response_in(completed).status() == shim::kOk);
  CHECK(response_in(completed).payload() == "v");
  CHECK_FALSE(completed.has_chaincode_event());
}

TEST_CASE("an ERROR of the peer is thrown with the peer's text", "[shim]") {
  ScriptedPeer peer;
  ShimRig rig(peer.endpoint(), [](shim::Stub& stub) {
    try {
      return shim::success(stub.get_state("k"));
    } catch (const shim::Error& e) {
      return shim::success(std::string("caught: ") + e.what());
    }
  });
  const std::string chaincode = peer.accept();
  peer.say(chaincode, transaction_of({"f"}));
  static_cast<void>(peer.hear(chaincode, ChaincodeMessage::GET_STATE));

  peer.say(chaincode, message_of(ChaincodeMessage::ERROR, "GET_STATE failed: no ledger context"));

  CHECK(response_in(peer.hear(chaincode, ChaincodeMessage::COMPLETED)).payload() ==
        "caught: GET_STATE failed: no ledger context");
}

TEST_CASE("whatever a chaincode throws becomes a response of status 500", "[shim]") {
  ScriptedPeer peer;
  ShimRig rig(peer.endpoint(), [](shim::Stub& stub) -> shim::Response {
    const std::string& kind = stub.args().at(0);
    if (kind == "runtime_error") throw std::runtime_error("out of luck");
    if (kind == "int") throw 7;
    throw std::runtime_error("not \xff text");
  });
  const std::string chaincode = peer.accept();
  const auto [kind, message] = GENERATE(table<std::string, std::string>(
      {{"runtime_error", "out of luck"},
       {"int", "the chaincode threw something that is not a std::exception"},
       {"bytes", "(the chaincode's message is not UTF-8 and is left out)"}}));

  peer.say(chaincode, transaction_of({kind}));

  const auto response = response_in(peer.hear(chaincode, ChaincodeMessage::COMPLETED));
  CHECK(response.status() == shim::kError);
  CHECK(response.message() == message);
}

TEST_CASE("INIT runs init, which succeeds unless the author says otherwise", "[shim]") {
  ScriptedPeer peer;
  ShimRig rig(peer.endpoint(), [](shim::Stub&) { return shim::error("invoked"); });
  const std::string chaincode = peer.accept();

  peer.say(chaincode, message_of(ChaincodeMessage::INIT));

  CHECK(response_in(peer.hear(chaincode, ChaincodeMessage::COMPLETED)).status() == shim::kOk);
}

TEST_CASE("the last event of a transaction travels with its answer", "[shim]") {
  ScriptedPeer peer;
  ShimRig rig(peer.endpoint(), [](shim::Stub& stub) {
    stub.set_event("first", "1");
    stub.set_event("second", "2");
    return shim::success();
  });
  const std::string chaincode = peer.accept();

  peer.say(chaincode, transaction_of({"f"}));

  const auto completed = peer.hear(chaincode, ChaincodeMessage::COMPLETED);
  CHECK(completed.chaincode_event().event_name() == "second");
  CHECK(completed.chaincode_event().payload() == "2");
}

TEST_CASE("a proposal that cannot be decoded is answered by ERROR, before the chaincode runs",
          "[shim]") {
  ScriptedPeer peer;
  std::atomic<bool> ran = false;
  ShimRig rig(peer.endpoint(), [&ran](shim::Stub&) {
    ran = true;
    return shim::success();
  });
  const std::string chaincode = peer.accept();
  auto message = transaction_of({"f"});
  message.mutable_proposal()->set_proposal_bytes("\xff");

  peer.say(chaincode, message);

  CHECK(peer.hear(chaincode, ChaincodeMessage::ERROR).payload() ==
        "cannot decode the proposal: its body is malformed");
  CHECK_FALSE(ran);
}

TEST_CASE("64 workers' transactions wait for the peer at the same time, each for its own answer",
          "[shim]") {
  constexpr int kTransactions = 64;
  ScriptedPeer peer;
  shim::Options options;
  options.worker_threads = kTransactions;
  ShimRig rig(
      peer.endpoint(), [](shim::Stub& stub) { return shim::success(stub.get_state(stub.tx_id())); },
      options);
  const std::string chaincode = peer.accept();
  for (int i = 0; i < kTransactions; ++i)
    peer.say(chaincode, transaction_of({"f"}, "tx-" + std::to_string(i)));

  std::set<std::string> asking;
  while (asking.size() < kTransactions)
    asking.insert(peer.hear(chaincode, ChaincodeMessage::GET_STATE).txid());
  for (const std::string& txid : asking)
    peer.say(chaincode, message_of(ChaincodeMessage::RESPONSE, "value of " + txid, txid));

  std::set<std::string> answered;
  while (answered.size() < kTransactions) {
    const auto completed = peer.hear(chaincode, ChaincodeMessage::COMPLETED);
    CHECK(response_in(completed).payload() == "value of " + completed.txid());
    answered.insert(completed.txid());
  }
  CHECK(answered == asking);
}

TEST_CASE("transactions beyond the workers wait their turn, and all are answered", "[shim]") {
  constexpr int kTransactions = 2'000;
  ScriptedPeer peer;
  shim::Options options;
  options.worker_threads = 2;
  ShimRig rig(
      peer.endpoint(), [](shim::Stub& stub) { return shim::success(stub.get_state("k")); },
      options);
  const std::string chaincode = peer.accept();
  for (int i = 0; i < kTransactions; ++i)
    peer.say(chaincode, transaction_of({"f"}, "tx-" + std::to_string(i)));

  std::set<std::string> answered;
  while (answered.size() < kTransactions) {
    const auto said = peer.hear().message;
    if (said.type() == ChaincodeMessage::GET_STATE) {
      peer.say(chaincode, message_of(ChaincodeMessage::RESPONSE, said.txid(), said.txid()));
    } else {
      REQUIRE(said.type() == ChaincodeMessage::COMPLETED);
      CHECK(response_in(said).payload() == said.txid());
      CHECK(answered.insert(said.txid()).second);
    }
  }
}

TEST_CASE("a transaction above the limit is refused with ERROR, and the others go on", "[shim]") {
  ScriptedPeer peer;
  shim::Options options;
  options.transactions_max = 1;
  ShimRig rig(
      peer.endpoint(), [](shim::Stub& stub) { return shim::success(stub.get_state("k")); },
      options);
  const std::string chaincode = peer.accept();
  peer.say(chaincode, transaction_of({"f"}, "tx-1"));
  static_cast<void>(peer.hear(chaincode, ChaincodeMessage::GET_STATE));

  peer.say(chaincode, transaction_of({"f"}, "tx-2"));

  const auto refusal = peer.hear(chaincode, ChaincodeMessage::ERROR);
  CHECK(refusal.txid() == "tx-2");
  CHECK(refusal.payload() == "the chaincode is at its limit of 1 transactions");
  peer.say(chaincode, message_of(ChaincodeMessage::RESPONSE, "v", "tx-1"));
  CHECK(peer.hear(chaincode, ChaincodeMessage::COMPLETED).txid() == "tx-1");
}

TEST_CASE("an end of stream fails the running transaction at once, and its answer is dropped",
          "[shim]") {
  ScriptedPeer peer(unused_endpoint());
  peer.router().open();
  std::promise<std::string> failure;
  std::atomic<int> runs = 0;
  shim::Options options;
  options.worker_threads = GENERATE(0u, 2u);
  ShimRig rig(
      peer.endpoint(),
      [&](shim::Stub& stub) {
        if (++runs > 1) return shim::success("of the new stream");
        try {
          return shim::success(stub.get_state("k"));
        } catch (const shim::StreamTerminated& e) {
          failure.set_value(e.what());
          throw;
        }
      },
      options);
  const std::string first = peer.accept();
  peer.say(first, transaction_of({"f"}));
  static_cast<void>(peer.hear(first, ChaincodeMessage::GET_STATE));

  SECTION("by the peer's word") {
    peer.end(first);
  }
  SECTION("by the peer's death") {
    peer.router().close();
    peer.router().open();
  }

  auto failed = failure.get_future();
  REQUIRE(failed.wait_for(kPatience) == std::future_status::ready);
  CHECK(failed.get() == "chaincode stream terminated");

  // The same transaction id is free on the new stream, and nothing of the old stream arrives there.
  const std::string second = peer.accept();
  peer.say(second, transaction_of({"f"}));
  CHECK(response_in(peer.hear(second, ChaincodeMessage::COMPLETED)).payload() ==
        "of the new stream");
}

TEST_CASE("stopping fails what runs and waits for it", "[shim]") {
  ScriptedPeer peer;
  std::atomic<bool> terminated = false;
  shim::Options options;
  options.worker_threads = GENERATE(0u, 2u);
  ShimRig rig(
      peer.endpoint(),
      [&terminated](shim::Stub& stub) {
        try {
          return shim::success(stub.get_state("k"));
        } catch (const shim::StreamTerminated&) {
          terminated = true;
          throw;
        }
      },
      options);
  const std::string chaincode = peer.accept();
  peer.say(chaincode, transaction_of({"f"}));
  static_cast<void>(peer.hear(chaincode, ChaincodeMessage::GET_STATE));

  rig.shim().stop();

  CHECK(terminated);
}

TEST_CASE("a transaction that runs already and is sent again ends the stream", "[shim]") {
  ScriptedPeer peer;
  ShimRig rig(peer.endpoint(), [](shim::Stub& stub) { return shim::success(stub.get_state("k")); });
  const std::string first = peer.accept();
  peer.say(first, transaction_of({"f"}));
  static_cast<void>(peer.hear(first, ChaincodeMessage::GET_STATE));

  peer.say(first, transaction_of({"f"}));

  CHECK(peer.accept() != first);
}

TEST_CASE("with workers any thread may call the stub, one at a time", "[shim]") {
  ScriptedPeer peer;
  shim::Options options;
  options.worker_threads = 2;
  ShimRig rig(
      peer.endpoint(),
      [](shim::Stub& stub) {
        auto elsewhere = std::async(std::launch::async, [&stub] { return stub.get_state("k"); });
        return shim::success(elsewhere.get());
      },
      options);
  const std::string chaincode = peer.accept();

  peer.say(chaincode, transaction_of({"f"}));
  static_cast<void>(peer.hear(chaincode, ChaincodeMessage::GET_STATE));
  peer.say(chaincode, message_of(ChaincodeMessage::RESPONSE, "v"));

  CHECK(response_in(peer.hear(chaincode, ChaincodeMessage::COMPLETED)).payload() == "v");
}
