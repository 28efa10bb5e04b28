// Two clients ask for anything, in any order, while a chaincode answers, leaves and comes back,
// blocks are cut and time passes. Requests have timeouts, wait for heights and cancel each other.
// No request is answered twice; once the service has stopped each request of a client that is still
// there has been answered, and none is open.

#define REQUIRE CCBUS_ASSERT  // For gateway_rig.h; there is no Catch in here.

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "service/base/assert.h"
#include "tests/fuzz/input.h"
#include "tests/fuzz/kept_ledger.h"
#include "tests/fuzz/message_filler.h"

namespace ccbus::fuzz {
namespace {

using namespace std::chrono_literals;

constexpr std::array<std::string_view, 14> kWords = {
    "ch1", "basic", "", "f", "ch2", "a", "b", "other", "c1", "d", "owner", "Org1MSP", "1", "nil"};

class World {
 public:
  explicit World(Input& input) : input_(input), rig_(1 + input.byte(), kept().take()) {}

  void run() {
    while (!input_.empty()) {
      step();
      check_answers();
    }
    stop();
    check_answers();
    CCBUS_ASSERT(rig_.gateway.requests_open() == 0);
    for (const auto& [request, is_answered] : asked_) CCBUS_ASSERT(is_answered);
    kept().give_back(rig_.ledger);
  }

 private:
  static constexpr std::size_t kRequestsMax = 60;

  static KeptLedger& kept() {
    static KeptLedger& ledger = *new KeptLedger;  // RocksDB's own statics may end before ours.
    return ledger;
  }

  void step() {
    switch (input_.below(12)) {
      case 0: complete(); break;
      case 1:
        if (!rig_.orderer.held.empty()) rig_.cut_block();
        break;
      case 2: rig_.advance(std::chrono::milliseconds(input_.byte() * 300)); break;
      case 3: rig_.chaincode.run_jobs(); break;
      case 4: rig_.sign(); break;
      case 5: leave(PeerId{1 + input_.below(2)}); break;
      case 6: restart_chaincode(); break;
      case 7: rig_.orderer.full = !rig_.orderer.full; break;
      case 8: submit_prepared(); break;
      default: ask(); break;
    }
  }

  void ask() {
    const MessageFiller filler(kWords);
    ClientRequest request;
    const auto& type = *request.GetDescriptor()->FindOneofByName("request");
    const auto choice =
        static_cast<int>(input_.below(static_cast<std::size_t>(type.field_count())));
    filler.fill(*request.GetReflection()->MutableMessage(&request, type.field(choice)), input_);
    name_channel(request);
    if (request.ledger().has_snapshot()) {
      // No folder can be made there: the target writes no files.
      request.mutable_ledger()->mutable_snapshot()->set_directory("/dev/null/snapshot");
    }
    // The rig commits to the first ledger of its channel.
    if (request.channel().has_reset()) request.mutable_channel()->set_channel_id("ch2");
    send(request);
  }

  // Most requests are about a channel that exists.
  void name_channel(ClientRequest& request) {
    if (input_.below(8) == 0) return;
    if (request.has_evaluate()) complete(*request.mutable_evaluate()->mutable_invocation());
    if (request.has_endorse()) complete(*request.mutable_endorse()->mutable_invocation());
    if (request.submit().has_invocation())
      complete(*request.mutable_submit()->mutable_invocation());
    if (request.has_define()) request.mutable_define()->set_channel_id("ch1");
    if (request.has_commit_status()) request.mutable_commit_status()->set_channel_id("ch1");
    if (request.has_chaincode_events()) request.mutable_chaincode_events()->set_channel_id("ch1");
    if (request.has_block_events()) request.mutable_block_events()->set_channel_id("ch1");
    if (request.has_ledger()) request.mutable_ledger()->set_channel_id("ch1");
  }

  static void complete(Invocation& invocation) {
    invocation.set_channel_id("ch1");
    if (invocation.chaincode_name().empty()) invocation.set_chaincode_name("basic");
    if (invocation.args().empty()) invocation.add_args("f");
  }

  void submit_prepared() {
    for (const auto& answer : rig_.answers()) {
      if (!answer.endorse().has_prepared_transaction()) continue;
      ClientRequest request;
      *request.mutable_submit()->mutable_prepared_transaction() =
          answer.endorse().prepared_transaction();
      if (input_.below(4) == 0) {
        request.mutable_submit()->mutable_prepared_transaction()->set_signature("changed");
      }
      return send(request);
    }
  }

  void send(ClientRequest& request) {
    if (last_id_ == kRequestsMax) return;
    if (request.has_cancel()) {
      request.mutable_cancel()->set_correlation_id(input_.below(last_id_ + 1));
    }
    if (input_.below(4) == 1) {
      request.set_timeout_ms(1 + static_cast<std::uint32_t>(input_.byte()) * 100);
    }
    if (input_.below(8) == 1) request.set_min_height(input_.below(6));
    request.set_correlation_id(++last_id_);
    const PeerId client{1 + input_.below(2)};
    asked_[{client, last_id_}] = false;
    const std::string bytes = request.SerializeAsString();
    rig_.gateway.on_message(rig_.chaincode.now(), client, std::as_bytes(std::span(bytes)));
    if (input_.below(4) != 0) rig_.sign();
  }

  // The chaincode answers the oldest transaction that it has not answered.
  void complete() {
    const auto received = rig_.shim.received();
    while (handled_ < received.size()) {
      const auto& message = received[handled_++];
      if (message.type() != test::ChaincodeMessage::TRANSACTION &&
          message.type() != test::ChaincodeMessage::INIT) {
        continue;
      }
      auto read = test::get_state(message.txid(), "a");
      auto write = test::put_state(message.txid(), "a", std::string(input_.text()));
      auto done = test::completed(message.txid(), input_.below(4) == 0 ? 500 : 200, "result");
      if (input_.below(2) == 0) done.mutable_chaincode_event()->set_event_name("event");
      for (auto* each : {&read, &write, &done}) {
        each->set_channel_id(message.channel_id());
        rig_.shim.sends(*each);
      }
      return;
    }
  }

  // Its requests go on or are dropped, and it hears of neither.
  void leave(PeerId client) {
    rig_.gateway.on_client_gone(client);
    std::erase_if(asked_, [&](const auto& each) { return each.first.first == client; });
  }

  void restart_chaincode() {
    rig_.shim.disappears();
    std::destroy_at(&rig_.shim);  // It refers to the rig and cannot be assigned.
    std::construct_at(&rig_.shim, rig_.chaincode.ready_shim("basic:1.0"));
    handled_ = 0;
  }

  void check_answers() {
    for (auto& [client, answers] : rig_.clients.answers) {
      std::size_t& seen = client == PeerId{1} ? answered_ : answered_second_;
      for (; seen < answers.size(); ++seen) {
        const auto at = asked_.find({client, answers[seen].correlation_id()});
        if (at == asked_.end()) continue;
        CCBUS_ASSERT(!at->second);
        at->second = true;
      }
    }
  }

  void stop() {
    rig_.shim.disappears();
    rig_.sign();
    rig_.chaincode.run_jobs();
    rig_.advance(61s);
    rig_.gateway.stop_accepting();
    rig_.chaincode.run_jobs();
    rig_.gateway.shutdown();
    rig_.chaincode.run_jobs();
  }

  Input& input_;
  test::GatewayRig rig_;
  std::map<std::pair<PeerId, std::uint64_t>, bool> asked_;  // Whether it was answered.
  std::uint64_t last_id_ = 0;
  std::size_t answered_ = 0;  // Answers that were looked at.
  std::size_t answered_second_ = 0;
  std::size_t handled_ = 0;  // Messages that the chaincode has looked at.
};

}  // namespace
}  // namespace ccbus::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ccbus::fuzz::Input input(data, size);
  ccbus::fuzz::World(input).run();
  return 0;
}
