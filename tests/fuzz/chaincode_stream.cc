// The whole chaincode engine under two chaincode processes that send what the input says, in any
// order, while transactions begin, time passes and workers run. No call ends twice, and once both
// processes have left each call has ended.

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "service/base/assert.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/request_payload.h"
#include "tests/support/chaincode_rig.h"

namespace ccbus::fuzz {
namespace {

using protos::ChaincodeMessage;
using namespace std::chrono_literals;

constexpr std::array<std::string_view, 12> kWords = {
    "", "a", "b", "zz", "basic", "basic:1.0", "other", "other/ch2", "ch1", "ch2", "tx0", "1"};

class World {
 public:
  explicit World(Input& input)
      : input_(input), rig_(options(input.byte())), shims_{rig_.connect(), rig_.connect()} {
    rig_.write("basic", "a", "1");
    rig_.write("basic", "b", R"({"x":1})");
    if (input.below(4) != 0) {
      shims_[0].sends(test::register_as("basic:1.0"));
      shims_[1].sends(test::register_as(input.below(2) == 0 ? "basic" : "other:2"));
    }
  }

  void run() {
    while (!input_.empty()) {
      step();
      for (const auto* call : calls_) CCBUS_ASSERT(call->results.size() <= 1);
    }
    for (auto& shim : shims_) shim.disappears();
    // What other threads still have comes back to an engine that has no stream any more.
    rig_.workers().full = rig_.signers().full = false;
    rig_.signers().run_all(rig_.now(), rig_.engine());
    rig_.run_jobs();
    for (const auto* call : calls_) CCBUS_ASSERT(call->results.size() == 1);
    for (const auto& [name, members] : rig_.engine().report(rig_.now())) {
      CCBUS_ASSERT(members.empty());
    }
  }

 private:
  static constexpr std::size_t kCallsMax = 40;

  static chaincode::Options options(std::uint8_t choice) {
    chaincode::Options options;
    options.duplicates =
        (choice & 1) != 0 ? chaincode::Duplicates::kPool : chaincode::Duplicates::kReject;
    if ((choice & 2) != 0) options.keepalive = 5s;
    options.transactions_per_handler = (choice & 4) != 0 ? 3 : 100;
    options.call_depth_max = (choice & 8) != 0 ? 2 : 16;
    options.autodefine = (choice & 16) == 0;
    if ((choice & 32) != 0) {
      options.request_limits.results_per_page = 1;
      options.request_limits.iterators_max = 2;
      options.request_limits.reply_bytes_max = 100;
      options.message_bytes_max = 2000;
    }
    return options;
  }

  void step() {
    auto& shim = shims_[input_.below(shims_.size())];
    switch (input_.below(16)) {
      case 0: shim.sends_bytes(std::string(input_.text())); break;
      case 1: shim.sends_nothing(); break;
      case 2:
      case 3: invoke(); break;
      case 4: rig_.advance(std::chrono::milliseconds(input_.byte() * 200)); break;
      case 5: rig_.run_jobs(); break;
      case 6: reconnect(shim); break;
      case 7: rig_.workers().full = !rig_.workers().full; break;
      case 8: rig_.signers().full = !rig_.signers().full; break;
      case 9: shim.sends(test::completed(transaction(), input_.byte() * 2)); break;
      case 10: {
        auto& waiting = rig_.workers().waiting;
        if (waiting.empty()) break;
        rig_.engine().on_next_state(rig_.now(), rig_.workers().prepare_first());
        break;
      }
      case 11: rig_.engine().on_malformed(rig_.now(), shim.peer(), "two frames"); break;
      case 12: break_sends(); break;
      default: send(shim);
    }
    if (input_.below(4) != 0) rig_.signers().run_all(rig_.now(), rig_.engine());
  }

  void invoke() {
    if (calls_.size() == kCallsMax) return;
    const std::string name = input_.below(3) == 0 ? "other" : "basic";
    // Now and then an id that is already used.
    const bool is_new = input_.below(8) != 0;
    const std::string tx = is_new ? "tx" + std::to_string(calls_.size()) : transaction();
    calls_.push_back(&rig_.invoke(name, tx, input_.below(8) == 0));
  }

  void reconnect(test::FakeShim& shim) {
    shim.disappears();
    const auto at = static_cast<std::size_t>(&shim - shims_.data());
    // FakeShim refers to the rig and cannot be assigned.
    std::vector<test::FakeShim> again;
    for (std::size_t i = 0; i < shims_.size(); ++i) {
      again.push_back(i == at ? rig_.connect() : shims_[i]);
    }
    shims_.swap(again);
    if (input_.below(4) != 0) shims_[at].sends(test::register_as("basic:1.0"));
  }

  void break_sends() {
    if (input_.below(8) != 0) return;  // It lasts to the end of the input.
    const bool is_full = input_.below(2) == 0;
    rig_.outbox().break_sends("broken", ChaincodeMessage::Type(input_.below(26)),
                              is_full ? ErrorCode::kExhausted : ErrorCode::kPeerGone);
  }

  void send(test::FakeShim& shim) {
    const MessageFiller filler(kWords);
    const auto type = static_cast<ChaincodeMessage::Type>(input_.below(28));
    ChaincodeMessage message;
    message.set_type(type);
    message.set_payload(request_payload(type, filler, input_));
    message.set_txid(transaction());
    message.set_channel_id(input_.below(8) == 0 ? "ch2" : "ch1");
    if (input_.below(4) == 0) filler.fill(*message.mutable_chaincode_event(), input_);
    shim.sends(message);
  }

  std::string transaction() { return "tx" + std::to_string(input_.below(calls_.size() + 1)); }

  Input& input_;
  test::ChaincodeRig rig_;
  std::vector<test::FakeShim> shims_;
  std::vector<const test::Call*> calls_;
};

}  // namespace
}  // namespace ccbus::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ccbus::fuzz::Input input(data, size);
  ccbus::fuzz::World(input).run();
  return 0;
}
