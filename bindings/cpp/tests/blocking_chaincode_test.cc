// Chaincode whose code holds the stream's thread.
#include <atomic>
#include <catch2/catch.hpp>
#include <future>
#include <mutex>
#include <set>

#include "bindings/cpp/tests/support/scripted_peer.h"
#include "bindings/cpp/tests/support/shim_rig.h"

using namespace ccbus::testing;
using namespace std::chrono_literals;
namespace shim = ccbus::shim;

namespace {

shim::Options impatient() {
  shim::Options options;
  options.turn_max = 20ms;
  return options;
}

// "block": says that it has begun, and goes on when the test says so.
class Blocking {
 public:
  shim::Response operator()(shim::Stub& stub) {
    if (stub.args().at(0) != "block") return shim::success(stub.get_state("quick"));
    begun.set_value();
    end.get_future().wait();
    const std::string first = stub.get_state("slow");
    return shim::success(first + stub.get_state("slower"));
  }

  std::promise<void> begun;
  std::promise<void> end;
};

}  // namespace

TEST_CASE("a transaction that blocks does not hold up the others, KEEPALIVE or its own answer",
          "[shim][fibers]") {
  ScriptedPeer peer;
  Blocking blocking;
  ShimRig rig(
      peer.endpoint(), [&](shim::Stub& stub) { return blocking(stub); }, impatient());
  const std::string chaincode = peer.accept();
  // One waits for its reply when the other one blocks, one begins later.
  peer.say(chaincode, transaction_of({"quick"}, "before"));
  static_cast<void>(peer.hear(chaincode, ChaincodeMessage::GET_STATE));
  peer.say(chaincode, transaction_of({"block"}, "blocks"));
  blocking.begun.get_future().wait();

  ChaincodeMessage keepalive;
  keepalive.set_type(ChaincodeMessage::KEEPALIVE);
  peer.say(chaincode, keepalive);
  static_cast<void>(peer.hear(chaincode, ChaincodeMessage::KEEPALIVE));
  peer.say(chaincode, message_of(ChaincodeMessage::RESPONSE, "v", "before"));
  CHECK(peer.hear(chaincode, ChaincodeMessage::COMPLETED).txid() == "before");
  peer.say(chaincode, transaction_of({"quick"}, "after"));
  CHECK(peer.hear(chaincode, ChaincodeMessage::GET_STATE).txid() == "after");
  CHECK(rig.log().wait_for("the chaincode's function \"block\" has held"));
  CHECK(rig.log().wait_for("--workers"));

  blocking.end.set_value();
  for (const char* const value : {"1", "2"}) {
    CHECK(peer.hear(chaincode, ChaincodeMessage::GET_STATE).txid() == "blocks");
    peer.say(chaincode, message_of(ChaincodeMessage::RESPONSE, value, "blocks"));
  }
  const auto completed = peer.hear(chaincode, ChaincodeMessage::COMPLETED);
  CHECK(completed.txid() == "blocks");
  CHECK(response_in(completed).payload() == "12");
  peer.say(chaincode, message_of(ChaincodeMessage::RESPONSE, "v", "after"));
  CHECK(peer.hear(chaincode, ChaincodeMessage::COMPLETED).txid() == "after");
}

TEST_CASE("a lock that is held during a stub call is no deadlock", "[shim][fibers]") {
  ScriptedPeer peer;
  std::mutex mutex;
  ShimRig rig(
      peer.endpoint(),
      [&mutex](shim::Stub& stub) {
        const std::lock_guard lock(mutex);
        return shim::success(stub.get_state("k"));
      },
      impatient());
  const std::string chaincode = peer.accept();
  peer.say(chaincode, transaction_of({"f"}, "tx-1"));
  CHECK(peer.hear(chaincode, ChaincodeMessage::GET_STATE).txid() == "tx-1");

  peer.say(chaincode, transaction_of({"f"}, "tx-2"));
  CHECK(rig.log().wait_for("the chaincode's function \"f\" has held"));
  peer.say(chaincode, message_of(ChaincodeMessage::RESPONSE, "v", "tx-1"));

  std::set<std::string> said{peer.hear().message.txid(), peer.hear().message.txid()};
  CHECK(said == std::set<std::string>{"tx-1", "tx-2"});  // COMPLETED and GET_STATE.
  peer.say(chaincode, message_of(ChaincodeMessage::RESPONSE, "v", "tx-2"));
  CHECK(peer.hear(chaincode, ChaincodeMessage::COMPLETED).txid() == "tx-2");
}

TEST_CASE("an end of stream fails a transaction that blocks when it calls its stub",
          "[shim][fibers]") {
  ScriptedPeer peer;
  Blocking blocking;
  ShimRig rig(
      peer.endpoint(), [&](shim::Stub& stub) { return blocking(stub); }, impatient());
  const std::string first = peer.accept();
  peer.say(first, transaction_of({"block"}, "tx-1"));
  blocking.begun.get_future().wait();

  SECTION("while it blocks") {
    peer.end(first);
    const std::string second = peer.accept();
    peer.say(second, transaction_of({"quick"}, "tx-1"));
    static_cast<void>(peer.hear(second, ChaincodeMessage::GET_STATE));
    blocking.end.set_value();
    // The old transaction's answer does not come here.
    peer.say(second, message_of(ChaincodeMessage::RESPONSE, "new", "tx-1"));
    CHECK(response_in(peer.hear(second, ChaincodeMessage::COMPLETED)).payload() == "new");
  }
  SECTION("while it waits for a reply on its own thread") {
    CHECK(rig.log().wait_for("has held"));
    blocking.end.set_value();
    static_cast<void>(peer.hear(first, ChaincodeMessage::GET_STATE));
    peer.end(first);
    const std::string second = peer.accept();
    peer.say(second, transaction_of({"quick"}, "tx-1"));
    CHECK(peer.hear(second, ChaincodeMessage::GET_STATE).txid() == "tx-1");
  }
}

TEST_CASE("a stopping shim waits for a transaction that blocks", "[shim][fibers]") {
  ScriptedPeer peer;
  std::atomic<bool> has_ended = false;
  std::promise<void> begun;
  std::promise<void> end;
  ShimRig rig(
      peer.endpoint(),
      [&](shim::Stub&) {
        begun.set_value();
        end.get_future().wait();
        has_ended = true;
        return shim::success();
      },
      impatient());
  const std::string chaincode = peer.accept();
  peer.say(chaincode, transaction_of({"f"}));
  begun.get_future().wait();
  CHECK(rig.log().wait_for("has held"));

  auto stopped = std::async(std::launch::async, [&rig] { rig.shim().stop(); });
  CHECK(stopped.wait_for(0ms) == std::future_status::timeout);
  end.set_value();
  stopped.get();

  CHECK(has_ended);
}

TEST_CASE("when as many block as may, that is logged, and the others go on afterwards",
          "[shim][fibers]") {
  ScriptedPeer peer;
  std::mutex mutex;
  mutex.lock();
  shim::Options options = impatient();
  options.blocked_threads_max = 2;
  ShimRig rig(
      peer.endpoint(),
      [&mutex](shim::Stub& stub) {
        if (stub.args().at(0) == "block") {
          const std::lock_guard lock(mutex);
        }
        return shim::success();
      },
      options);
  const std::string chaincode = peer.accept();
  for (const char* const txid : {"tx-1", "tx-2", "tx-3"})
    peer.say(chaincode, transaction_of({"block"}, txid));
  peer.say(chaincode, transaction_of({"quick"}, "tx-4"));

  CHECK(rig.log().wait_for("nothing else runs"));
  CHECK_FALSE(peer.router().poll(0ms));
  mutex.unlock();

  std::set<std::string> completed;
  while (completed.size() < 4)
    completed.insert(peer.hear(chaincode, ChaincodeMessage::COMPLETED).txid());
  // The threads that were blocked take turns again.
  peer.say(chaincode, transaction_of({"quick"}, "tx-5"));
  CHECK(peer.hear(chaincode, ChaincodeMessage::COMPLETED).txid() == "tx-5");
}

TEST_CASE("every transaction has its own answers while the stream passes from thread to thread",
          "[shim][fibers]") {
  constexpr int kTransactions = 400;
  ScriptedPeer peer;
  shim::Options options;
  options.turn_max = 1ms;
  options.blocked_threads_max = 3;
  ShimRig rig(
      peer.endpoint(),
      [](shim::Stub& stub) {
        std::string values;
        for (const char* const key : {"a", "b", "c"}) {
          if (stub.args().at(0) == "compute") {  // For longer than it should.
            const auto end = std::chrono::steady_clock::now() + 3ms;
            while (std::chrono::steady_clock::now() < end) {
            }
          }
          values += stub.get_state(stub.tx_id() + key);
        }
        return shim::success(values);
      },
      options);
  const std::string chaincode = peer.accept();
  for (int i = 0; i < kTransactions; ++i)
    peer.say(chaincode,
             transaction_of({i % 16 == 0 ? "compute" : "quick"}, "tx-" + std::to_string(i)));

  std::set<std::string> completed;
  while (completed.size() < kTransactions) {
    const ChaincodeMessage said = peer.hear().message;
    if (said.type() == ChaincodeMessage::GET_STATE) {
      protos::GetState request;
      REQUIRE(request.ParseFromString(said.payload()));
      peer.say(chaincode, message_of(ChaincodeMessage::RESPONSE, request.key(), said.txid()));
    } else {
      REQUIRE(said.type() == ChaincodeMessage::COMPLETED);
      const std::string& id = said.txid();
      REQUIRE(response_in(said).payload() == id + "a" + id + "b" + id + "c");
      REQUIRE(completed.insert(id).second);
    }
  }
  CHECK(rig.log().wait_for("the chaincode's function \"compute\" has held"));
}
