// Random histories of chaincodes that call each other, answer, fail, leave and come back, against
// a stack for each transaction.
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <optional>
#include <random>

#include "fabric/ledger/kv_rwset.pb.h"
#include "tests/support/chaincode_rig.h"

namespace ccbus::test {
namespace {

using chaincode::Outcome;

using Writes = std::map<std::string, std::map<std::string, std::string>>;  // By chaincode and key.

// A chaincode that runs in a transaction. The one before it on the stack has called it.
struct Frame {
  int chaincode;
  std::string channel;
  bool is_shared;  // It uses the transaction's own simulator.
};

struct Running {
  std::string tx;
  Call* call;
  std::vector<Frame> stack;
  Writes writes;
};

constexpr int kChaincodes = 4;

std::string name_of(int chaincode) {
  return "cc" + std::to_string(chaincode);
}

ChaincodeMessage on(const Frame& frame, ChaincodeMessage message) {
  message.set_channel_id(frame.channel);
  return message;
}

Writes writes_of(const chaincode::ExecutionResult& result) {
  Writes writes;
  const auto results = result.simulator->results();
  REQUIRE(results);
  for (const auto& ns : results->public_data.ns_rwset()) {
    kvrwset::KVRWSet set;
    REQUIRE(set.ParseFromString(ns.rwset()));
    for (const auto& write : set.writes()) writes[ns.namespace_()][write.key()] = write.value();
  }
  return writes;
}

class CallHistory {
 public:
  explicit CallHistory(std::uint32_t seed) : random_(seed) {
    for (int i = 0; i < kChaincodes; ++i) shims_.push_back(rig_.ready_shim(name_of(i)));
  }

  void run(int steps) {
    for (int step = 0; step < steps; ++step) act();
    while (!running_.empty()) complete(running_.back(), running_.back().stack.size() - 1);
    CHECK_FALSE(rig_.engine().next_deadline().has_value());
    for (const auto& [name, members] : rig_.engine().report(rig_.now())) {
      for (const auto& member : members) CHECK(member.open_transactions == 0);
    }
  }

 private:
  int pick(int below) { return static_cast<int>(random_() % static_cast<unsigned>(below)); }
  bool is_connected(int chaincode) const {
    return shims_[static_cast<std::size_t>(chaincode)].has_value();
  }
  FakeShim& shim(int chaincode) { return *shims_[static_cast<std::size_t>(chaincode)]; }

  void act() {
    const int die = pick(100);
    if (running_.empty() || die < 15) return begin();
    if (die < 20) return leave_or_come(pick(kChaincodes));
    Running& running = running_[static_cast<std::size_t>(pick(static_cast<int>(running_.size())))];
    if (die < 55) return call(running);
    if (die < 80) return put(running);
    if (die < 84) return speak_late(running);
    // Mostly the one that runs; sometimes one that waits for its callee.
    const std::size_t top = running.stack.size() - 1;
    complete(running, die < 96 ? top : static_cast<std::size_t>(pick(static_cast<int>(top) + 1)));
  }

  void begin() {
    const int chaincode = pick(kChaincodes);
    const std::string tx = "tx" + std::to_string(++begun_);
    Call& call = rig_.invoke(name_of(chaincode), tx);
    if (!is_connected(chaincode)) {
      REQUIRE(call.outcomes() == std::vector{Outcome::kNotConnected});
      return;
    }
    REQUIRE(call.outcomes().empty());
    running_.push_back({tx, &call, {{chaincode, "ch1", true}}, {}});
  }

  void put(Running& running) {
    const Frame& top = running.stack.back();
    const std::string key = "k" + std::to_string(pick(3));
    const std::string value = "v" + std::to_string(pick(1000));
    shim(top.chaincode).sends(on(top, put_state(running.tx, key, value)));
    REQUIRE(shim(top.chaincode).last().type() == ChaincodeMessage::RESPONSE);
    if (top.is_shared) running.writes[name_of(top.chaincode)][key] = value;
  }

  void call(Running& running) {
    const Frame caller = running.stack.back();
    Frame callee{pick(kChaincodes), pick(3) == 0 ? "ch2" : "ch1", false};
    callee.is_shared = caller.is_shared && callee.channel == caller.channel;
    protos::ChaincodeSpec spec;
    spec.mutable_chaincode_id()->set_name(name_of(callee.chaincode) + "/" + callee.channel);
    spec.mutable_input();
    shim(caller.chaincode)
        .sends(on(caller, message(ChaincodeMessage::INVOKE_CHAINCODE, running.tx,
                                  spec.SerializeAsString())));
    const bool is_in_chain = std::ranges::any_of(running.stack, [&](const Frame& frame) {
      return frame.chaincode == callee.chaincode && frame.channel == callee.channel;
    });
    if (is_in_chain || !is_connected(callee.chaincode)) {
      return expect_refusal(caller, running, is_in_chain ? "exists" : "is not connected");
    }
    const auto& sent = shim(callee.chaincode).last();
    REQUIRE(sent.type() == ChaincodeMessage::TRANSACTION);
    REQUIRE(sent.txid() == running.tx);
    REQUIRE(sent.channel_id() == callee.channel);
    running.stack.push_back(callee);
  }

  void expect_refusal(const Frame& caller, const Running& running, const std::string& why) {
    const auto& reply = shim(caller.chaincode).last();
    REQUIRE(reply.type() == ChaincodeMessage::ERROR);
    REQUIRE(reply.txid() == running.tx);
    REQUIRE_THAT(reply.payload(), Catch::Contains(why));
  }

  // The chaincode at `depth` answers, with COMPLETED or ERROR. One that waits for its callee loses
  // that, and COMPLETED is no answer then.
  void complete(Running& running, std::size_t depth) {
    const Frame frame = running.stack[depth];
    const bool is_hasty = depth + 1 < running.stack.size();
    const bool is_error = pick(4) == 0;
    const auto answer =
        is_error ? message(ChaincodeMessage::ERROR, running.tx, "it broke") : completed(running.tx);
    shim(frame.chaincode).sends(on(frame, answer));
    const bool is_failure = is_error || is_hasty;
    if (depth == 0) return end(running, is_failure ? Outcome::kFailed : Outcome::kCompleted);
    running.stack.resize(depth);
    const Frame& caller = running.stack.back();
    if (is_hasty && !is_error) return expect_refusal(caller, running, "had no answer yet");
    REQUIRE(shim(caller.chaincode).last().type() == ChaincodeMessage::RESPONSE);
    REQUIRE(shim(caller.chaincode).last().txid() == running.tx);
  }

  void end(Running& running, Outcome outcome) {
    REQUIRE(running.call->outcomes() == std::vector{outcome});
    REQUIRE(running.call->results[0].simulator != nullptr);
    REQUIRE(writes_of(running.call->results[0]) == running.writes);
    running_.erase(running_.begin() + (&running - running_.data()));
  }

  void leave_or_come(int chaincode) {
    if (!is_connected(chaincode)) {
      shims_[static_cast<std::size_t>(chaincode)].emplace(rig_.ready_shim(name_of(chaincode)));
      return;
    }
    shim(chaincode).disappears();
    shims_[static_cast<std::size_t>(chaincode)].reset();
    for (std::size_t i = running_.size(); i-- > 0;) {
      Running& running = running_[i];
      const auto lost = std::ranges::find(running.stack, chaincode, &Frame::chaincode);
      if (lost == running.stack.end()) continue;
      running.stack.erase(lost, running.stack.end());
      if (running.stack.empty()) end(running, Outcome::kStreamTerminated);
    }
  }

  // A chaincode that has no part in the transaction, or none any more.
  void speak_late(const Running& running) {
    const Frame stranger{pick(kChaincodes), pick(2) == 0 ? "ch1" : "ch2", false};
    const bool takes_part = std::ranges::any_of(running.stack, [&](const Frame& frame) {
      return frame.chaincode == stranger.chaincode && frame.channel == stranger.channel;
    });
    if (takes_part || !is_connected(stranger.chaincode)) return;
    shim(stranger.chaincode).sends(on(stranger, put_state(running.tx, "k0", "late")));
    expect_refusal(stranger, running, "no ledger context");
  }

  std::mt19937 random_;
  ChaincodeRig rig_;
  std::vector<std::optional<FakeShim>> shims_;  // Nothing: it is not connected.
  std::vector<Running> running_;
  int begun_ = 0;
};

TEST_CASE("random calls between chaincodes end once each, and lose nothing that was written",
          "[simulation]") {
  const std::uint32_t seed = std::random_device{}();
  for (std::uint32_t i = 0; i < CCBUS_HISTORIES; ++i) {
    INFO("seed " << seed + i);
    CallHistory(seed + i).run(80);
  }
}

}  // namespace
}  // namespace ccbus::test
