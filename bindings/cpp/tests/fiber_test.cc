#include <atomic>
#include <catch2/catch.hpp>
#include <exception>
#include <future>
#include <map>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

#include "bindings/cpp/tests/support/scripted_peer.h"
#include "bindings/cpp/tests/support/shim_rig.h"

using namespace ccbus::testing;
using namespace std::chrono_literals;
namespace shim = ccbus::shim;

namespace {

std::string name_of(int transaction) {
  return "tx-" + std::to_string(transaction);
}

// Answers every GET_STATE with the transaction's id until `count` transactions have completed.
// Returns what their responses say.
std::map<std::string, protos::Response> serve_gets(ScriptedPeer& peer, const std::string& chaincode,
                                                   std::size_t count) {
  std::map<std::string, protos::Response> completed;
  while (completed.size() < count) {
    const ChaincodeMessage said = peer.hear().message;
    if (said.type() == ChaincodeMessage::GET_STATE) {
      peer.say(chaincode, message_of(ChaincodeMessage::RESPONSE, said.txid(), said.txid()));
    } else {
      REQUIRE(said.type() == ChaincodeMessage::COMPLETED);
      completed[said.txid()] = response_in(said);
    }
  }
  return completed;
}

// Counts the objects that have been destroyed.
struct Counted {
  std::atomic<int>& destroyed;
  ~Counted() { ++destroyed; }
};

}  // namespace

TEST_CASE("thousands of transactions wait for the peer at the same time, on one thread",
          "[shim][fibers]") {
  constexpr int kTransactions = 4'000;
  ScriptedPeer peer;
  std::mutex mutex;
  std::set<std::thread::id> threads;
  shim::Options options;
  options.turn_max = 1min;  // So that a busy machine does not make it two.
  ShimRig rig(
      peer.endpoint(),
      [&](shim::Stub& stub) {
        const std::string value = stub.get_state(stub.tx_id());
        const std::lock_guard lock(mutex);
        threads.insert(std::this_thread::get_id());
        return shim::success(value);
      },
      options);
  const std::string chaincode = peer.accept();
  for (int i = 0; i < kTransactions; ++i) peer.say(chaincode, transaction_of({"f"}, name_of(i)));

  std::set<std::string> asking;
  while (asking.size() < kTransactions)
    asking.insert(peer.hear(chaincode, ChaincodeMessage::GET_STATE).txid());
  for (const std::string& txid : asking)
    peer.say(chaincode, message_of(ChaincodeMessage::RESPONSE, "value of " + txid, txid));

  std::set<std::string> answered;
  while (answered.size() < kTransactions) {
    const auto completed = peer.hear(chaincode, ChaincodeMessage::COMPLETED);
    REQUIRE(response_in(completed).payload() == "value of " + completed.txid());
    answered.insert(completed.txid());
  }
  CHECK(answered == asking);
  const std::lock_guard lock(mutex);
  CHECK(threads.size() == 1);
}

TEST_CASE("transactions beyond the fibers wait, and start in the order of their arrival",
          "[shim][fibers]") {
  constexpr int kTransactions = 50;
  ScriptedPeer peer;
  std::vector<std::string> started;
  shim::Options options;
  options.fibers_max = 2;
  ShimRig rig(
      peer.endpoint(),
      [&started](shim::Stub& stub) {
        started.push_back(stub.tx_id());
        return shim::success(stub.get_state("k"));
      },
      options);
  const std::string chaincode = peer.accept();
  std::vector<std::string> sent;
  for (int i = 0; i < kTransactions; ++i) {
    sent.push_back(name_of(i));
    peer.say(chaincode, transaction_of({"f"}, sent.back()));
  }

  const std::string first = peer.hear(chaincode, ChaincodeMessage::GET_STATE).txid();
  const std::string second = peer.hear(chaincode, ChaincodeMessage::GET_STATE).txid();
  CHECK_FALSE(peer.router().poll(0ms));
  for (const std::string& txid : {first, second})
    peer.say(chaincode, message_of(ChaincodeMessage::RESPONSE, txid, txid));

  serve_gets(peer, chaincode, kTransactions);
  rig.shim().stop();
  CHECK(started == sent);
}

TEST_CASE("an exception that is handled is the transaction's own across its stub calls",
          "[shim][fibers]") {
  ScriptedPeer peer;
  ShimRig rig(peer.endpoint(), [](shim::Stub& stub) {
    try {
      try {
        throw std::runtime_error("thrown by " + stub.tx_id());
      } catch (const std::runtime_error&) {
        static_cast<void>(stub.get_state("first"));
        static_cast<void>(stub.get_state("second"));
        throw;
      }
    } catch (const std::exception& e) {
      return shim::success(e.what());
    }
  });
  const std::string chaincode = peer.accept();
  for (int i = 0; i < 3; ++i) peer.say(chaincode, transaction_of({"f"}, name_of(i)));
  for (int i = 0; i < 3; ++i) static_cast<void>(peer.hear(chaincode, ChaincodeMessage::GET_STATE));

  // All three stand in their handlers. They go on in an order that no stack of handlers has.
  for (const int i : {1, 0, 2})
    peer.say(chaincode, message_of(ChaincodeMessage::RESPONSE, "", name_of(i)));
  const auto completed = serve_gets(peer, chaincode, 3);

  for (int i = 0; i < 3; ++i)
    CHECK(completed.at(name_of(i)).payload() == "thrown by " + name_of(i));
}

TEST_CASE("std::uncaught_exceptions() counts those of the transaction only", "[shim][fibers]") {
  struct AsksWhenDestroyed {
    shim::Stub& stub;
    std::string& seen;
    ~AsksWhenDestroyed() {
      static_cast<void>(stub.get_state("k"));
      seen = std::to_string(std::uncaught_exceptions());
    }
  };
  ScriptedPeer peer;
  ShimRig rig(peer.endpoint(), [](shim::Stub& stub) {
    std::string seen;
    try {
      const AsksWhenDestroyed asks{stub, seen};
      if (stub.args().at(0) == "throw") throw std::runtime_error("unwinding");
    } catch (const std::runtime_error& e) {
      seen += e.what();
    }
    return shim::success(seen);
  });
  const std::string chaincode = peer.accept();
  peer.say(chaincode, transaction_of({"throw"}, "tx-1"));
  peer.say(chaincode, transaction_of({"return"}, "tx-2"));
  static_cast<void>(peer.hear(chaincode, ChaincodeMessage::GET_STATE));
  static_cast<void>(peer.hear(chaincode, ChaincodeMessage::GET_STATE));

  peer.say(chaincode, message_of(ChaincodeMessage::RESPONSE, "", "tx-2"));
  peer.say(chaincode, message_of(ChaincodeMessage::RESPONSE, "", "tx-1"));

  const auto completed = serve_gets(peer, chaincode, 2);
  CHECK(completed.at("tx-1").payload() == "1unwinding");
  CHECK(completed.at("tx-2").payload() == "0");
}

TEST_CASE("when the stream ends every waiting transaction is unwound, and asks in vain",
          "[shim][fibers]") {
  constexpr int kTransactions = 100;
  ScriptedPeer peer(unused_endpoint());
  peer.router().open();
  std::atomic<int> destroyed = 0;
  std::atomic<int> failed = 0;
  ShimRig rig(peer.endpoint(), [&](shim::Stub& stub) {
    const Counted counted{destroyed};
    for (int attempt = 0; attempt < 3; ++attempt) {
      try {
        return shim::success(stub.get_state("k"));
      } catch (const shim::StreamTerminated& e) {
        if (e.what() == std::string("chaincode stream terminated")) ++failed;
      } catch (...) {
      }
    }
    return shim::error("in vain");
  });
  const std::string first = peer.accept();
  for (int i = 0; i < kTransactions; ++i) peer.say(first, transaction_of({"f"}, name_of(i)));
  for (int i = 0; i < kTransactions; ++i)
    static_cast<void>(peer.hear(first, ChaincodeMessage::GET_STATE));

  SECTION("by the peer's word") {
    peer.end(first);
  }
  SECTION("by the peer's death") {
    peer.router().close();
    peer.router().open();
  }

  // The new stream serves after the old one's transactions have run to their end.
  const std::string second = peer.accept();
  peer.say(second, transaction_of({"f"}, "tx-0"));
  const auto completed = serve_gets(peer, second, 1);
  CHECK(completed.at("tx-0").payload() == "tx-0");
  CHECK(failed == 3 * kTransactions);
  CHECK(destroyed == kTransactions + 1);
}

TEST_CASE("stopping unwinds what waits, and what has not begun never does", "[shim][fibers]") {
  ScriptedPeer peer;
  std::atomic<int> destroyed = 0;
  std::atomic<int> begun = 0;
  shim::Options options;
  options.fibers_max = 2;
  ShimRig rig(
      peer.endpoint(),
      [&](shim::Stub& stub) {
        ++begun;
        const Counted counted{destroyed};
        return shim::success(stub.get_state("k"));
      },
      options);
  const std::string chaincode = peer.accept();
  for (int i = 0; i < 5; ++i) peer.say(chaincode, transaction_of({"f"}, name_of(i)));
  for (int i = 0; i < 2; ++i) static_cast<void>(peer.hear(chaincode, ChaincodeMessage::GET_STATE));

  rig.shim().stop();

  CHECK(begun == 2);
  CHECK(destroyed == 2);
}

TEST_CASE("a stub call on another thread than its transaction's is an Error", "[shim][fibers]") {
  ScriptedPeer peer;
  ShimRig rig(peer.endpoint(), [](shim::Stub& stub) {
    auto elsewhere = std::async(std::launch::async, [&stub] { return stub.get_state("k"); });
    try {
      static_cast<void>(elsewhere.get());
    } catch (const shim::Error& e) {
      return shim::success(e.what() + std::string("; here: ") + stub.get_state("k"));
    }
    return shim::error("nothing was thrown");
  });
  const std::string chaincode = peer.accept();

  peer.say(chaincode, transaction_of({"f"}, "tx-1"));

  CHECK(serve_gets(peer, chaincode, 1).at("tx-1").payload() ==
        "a stub was called on another thread than its transaction's: call it where invoke() runs; "
        "here: tx-1");
}

TEST_CASE("a transaction for which there is no memory is refused with ERROR", "[shim][fibers]") {
  ScriptedPeer peer;
  shim::Options options;
  options.fiber_stack_bytes = std::size_t{1} << 50;  // More than a process can address.
  ShimRig rig(
      peer.endpoint(), [](shim::Stub&) { return shim::success(); }, options);
  const std::string chaincode = peer.accept();

  peer.say(chaincode, transaction_of({"f"}, "tx-1"));

  const auto refusal = peer.hear(chaincode, ChaincodeMessage::ERROR);
  CHECK(refusal.txid() == "tx-1");
  CHECK(refusal.payload() == "the chaincode's process is out of memory");
}
