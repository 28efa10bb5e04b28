// The branches of the seed's loop for a next state that comes from another thread: the real event
// loop, the real pipe, real worker threads, and chaincodes on real sockets.
#include <catch2/catch.hpp>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "service/assembly/wiring.h"
#include "service/assembly/workers.h"
#include "service/base/log.h"
#include "tests/support/dealer.h"
#include "tests/support/map_state_view.h"

namespace ccbus::test {
namespace {

using namespace std::chrono_literals;
using chaincode::Execution;
using chaincode::ExecutionResult;
using chaincode::NextState;
using chaincode::Outcome;
using chaincode::SendToChaincode;
using protos::ChaincodeMessage;

constexpr std::size_t kMessageBytesMax = 64 << 10;

// A ledger without entries.
class EmptyLedger final : public chaincode::Simulators {
 public:
  std::unique_ptr<ledger::TxSimulator> simulate(const ChannelId&, const TxId& tx) override {
    return std::make_unique<ledger::TxSimulator>(
        std::make_shared<MapStateView>(MapStateView::Entries{}), tx);
  }
};

class NoClients final : public bus::EndpointListener {
 public:
  void on_message(Now, PeerId, zmq::message_t&) override {}
  void on_malformed(Now, PeerId, std::string_view) override {}
  void on_peer_gone(Now, PeerId) override {}
};

// Does what the service's dispatcher does, for the chaincode engine alone.
class EngineListener final : public bus::LoopListener<BusEvent> {
 public:
  explicit EngineListener(chaincode::ChaincodeSupport& engine) : engine_(engine) {}

  void on_event(Now now, std::unique_ptr<BusEvent> event) override {
    if (auto* next = std::get_if<NextState>(event.get())) {
      engine_.on_next_state(now, std::move(*next));
    } else if (auto* job = std::get_if<std::unique_ptr<Job>>(event.get())) {
      (*job)->end(now);
    } else {
      is_stopped_ = true;
    }
  }
  void on_timer(Now now) override { engine_.on_timer(now); }
  std::optional<SteadyTime> next_deadline() const override { return engine_.next_deadline(); }
  bool is_stopped() const override { return is_stopped_; }

 private:
  chaincode::ChaincodeSupport& engine_;
  bool is_stopped_ = false;
};

// The chaincode engine of a service on its own bus thread. The test runs on another thread.
class LiveEngine {
 public:
  LiveEngine() : bus_([this] { run(); }) {
    endpoint_ = address_.get_future().get();
    sender_.emplace(pipe_.open_sender());
  }
  ~LiveEngine() {
    sender_->send(std::make_unique<BusEvent>(StopRequested{}));
    bus_.join();
  }

  [[nodiscard]] const std::string& endpoint() const { return endpoint_; }

  void send(NextState next) { sender_->send(std::make_unique<BusEvent>(std::move(next))); }

  // Runs `what` on the bus thread, after all events that were sent before, and returns its result.
  template <class What>
  auto on_bus(What what) {
    std::promise<decltype(what(std::declval<chaincode::ChaincodeSupport&>(), Now{}))> done;
    auto result = done.get_future();
    sender_->send(std::make_unique<BusEvent>(
        make_job([] {}, [&](Now now) { done.set_value(what(*engine_, now)); }, [] {})));
    REQUIRE(result.wait_for(10s) == std::future_status::ready);
    return result.get();
  }

  // Begins a transaction whose proposal a signer's thread signs, once `may_sign` is set; returns
  // how it ends. The thread is at it by then: what is not begun is skipped when a transaction ends.
  std::future<Outcome> execute(const std::string& tx, std::shared_future<void> may_sign) {
    auto done = std::make_shared<std::promise<Outcome>>();
    auto outcome = done->get_future();
    auto begun = std::make_shared<std::promise<void>>();
    auto is_begun = begun->get_future();
    on_bus([&](chaincode::ChaincodeSupport& engine, Now now) {
      Execution execution;
      execution.key = {{"ch1"}, {tx}};
      execution.chaincode_name = "basic";
      execution.proposal.set_proposal_bytes("a proposal");
      execution.sign = [may_sign, begun, bus = std::this_thread::get_id()](
                           protos::SignedProposal& proposal) -> Result<void> {
        begun->set_value();
        may_sign.wait();
        proposal.set_signature(std::this_thread::get_id() == bus ? "bus" : "signer");
        return {};
      };
      execution.simulator = ledger_.simulate({"ch1"}, {tx});
      engine.execute(now, std::move(execution),
                     [done](ExecutionResult result) { done->set_value(result.outcome); });
      return 0;
    });
    REQUIRE(is_begun.wait_for(10s) == std::future_status::ready);
    return outcome;
  }

  std::size_t members() {
    return on_bus([](chaincode::ChaincodeSupport& engine, Now now) {
      const auto pools = engine.report(now);
      const auto basic = pools.find("basic");
      return basic == pools.end() ? std::size_t{0} : basic->second.size();
    });
  }

  // Waits until a condition is true on the bus thread.
  template <class Condition>
  void wait_until(Condition condition) {
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    while (!condition()) REQUIRE(std::chrono::steady_clock::now() < deadline);
  }

  std::uint64_t late() {
    return on_bus([](chaincode::ChaincodeSupport& engine, Now) {
      return engine.next_state_metrics().late.get();
    });
  }
  std::uint64_t from_pipe(ChaincodeMessage::Type type) {
    return on_bus([type](chaincode::ChaincodeSupport& engine, Now) {
      using Origin = chaincode::NextStateMetrics::Origin;
      return engine.next_state_metrics()
          .handled[static_cast<std::size_t>(Origin::kPipe)][type]
          .get();
    });
  }

 private:
  static bus::RouterEndpoint::Options options(const char* name) {
    bus::RouterEndpoint::Options options;
    options.name = name;
    options.address = "tcp://127.0.0.1:*";
    options.message_bytes_max = kMessageBytesMax;
    return options;
  }

  void run() {
    Workers threads({"worker", 1, 100}, pipe_, counters_);
    security::KeyHolders everybody(nullptr);
    ChaincodeSide chaincodes({}, {everybody, everybody}, ledger_, {threads, threads}, *logger_,
                             counters_);
    bus::RouterEndpoint endpoint(context_, options("chaincode"), chaincodes, *logger_, counters_);
    chaincodes.attach(endpoint, "");
    NoClients nobody;
    bus::RouterEndpoint clients(context_, options("clients"), nobody, *logger_, counters_);
    engine_ = &chaincodes.support();
    EngineListener listener(*engine_);
    address_.set_value(endpoint.address());
    bus::EventLoop<BusEvent>(endpoint, clients, pipe_, listener).run();
    engine_->shutdown(Now::read());
    static_cast<void>(threads.stop());
  }

  zmq::context_t context_;
  bus::NextStatePipe<BusEvent> pipe_{context_, "next-state", 100};
  std::shared_ptr<Logger> logger_ = make_silent_logger();
  Counters counters_;
  EmptyLedger ledger_;
  std::promise<std::string> address_;
  std::string endpoint_;
  std::optional<bus::NextStatePipe<BusEvent>::Sender> sender_;
  chaincode::ChaincodeSupport* engine_ = nullptr;  // Bus thread, once address_ is set.
  std::thread bus_;                                // Last: it uses all of the above.
};

constexpr HandlerId kFirst{1};

NextState response(const std::string& payload, SendToChaincode send = SendToChaincode::kAsync,
                   std::uint64_t request = 0) {
  auto message = std::make_unique<ChaincodeMessage>();
  message->set_type(ChaincodeMessage::RESPONSE);
  message->set_channel_id("ch1");
  message->set_txid("tx1");
  message->set_payload(payload);
  return {kFirst, std::move(message), request, send};
}

std::shared_future<void> at_once() {
  std::promise<void> now;
  now.set_value();
  return now.get_future().share();
}

ChaincodeMessage get_state(const ChaincodeMessage& transaction) {
  protos::GetState get;
  get.set_key("k");
  return in_transaction(transaction, ChaincodeMessage::GET_STATE, get.SerializeAsString());
}

// True if the stream still answers, after all messages that were sent before.
bool is_alive(Dealer& chaincode) {
  chaincode.send(get_state({}));
  return chaincode.receive().type() == ChaincodeMessage::ERROR;  // "no ledger context"
}

}  // namespace

TEST_CASE("a TRANSACTION that a signer signed is handled first and sent after", "[assembly]") {
  LiveEngine live;
  Dealer chaincode(live.endpoint());
  chaincode.register_as("basic");
  auto outcome = live.execute("tx1", at_once());
  const ChaincodeMessage transaction = chaincode.receive();
  CHECK(transaction.type() == ChaincodeMessage::TRANSACTION);
  CHECK(transaction.proposal().signature() == "signer");
  // The transaction has been started when its message arrives, so that an early request is served.
  chaincode.send(get_state(transaction));
  CHECK(chaincode.receive().type() == ChaincodeMessage::RESPONSE);
  chaincode.send(in_transaction(transaction, ChaincodeMessage::COMPLETED));
  REQUIRE(outcome.wait_for(10s) == std::future_status::ready);
  CHECK(outcome.get() == Outcome::kCompleted);
  CHECK(live.from_pipe(ChaincodeMessage::TRANSACTION) == 1);
}

TEST_CASE("a next state that is not to be sent is only handled", "[assembly]") {
  LiveEngine live;
  Dealer chaincode(live.endpoint());
  chaincode.register_as("basic");
  live.send(response("kept", SendToChaincode::kNo));
  live.send(response("sent"));
  CHECK(chaincode.receive().payload() == "sent");
  CHECK(live.from_pipe(ChaincodeMessage::RESPONSE) == 2);
}

TEST_CASE("only READY is sent synchronously, and only once: a second one ends the stream",
          "[assembly]") {
  LiveEngine live;
  Dealer chaincode(live.endpoint());
  chaincode.register_as("basic");  // REGISTERED and READY.
  auto ready = std::make_unique<ChaincodeMessage>();
  ready->set_type(ChaincodeMessage::READY);
  live.send({kFirst, std::move(ready), 0, SendToChaincode::kSync});
  CHECK(chaincode.receive_frame().empty());
  CHECK(live.members() == 0);
}

TEST_CASE("a next state without a message ends the stream", "[assembly]") {
  LiveEngine live;
  Dealer chaincode(live.endpoint());
  chaincode.register_as("basic");
  live.send({kFirst, nullptr});
  CHECK(chaincode.receive_frame().empty());
  CHECK(live.members() == 0);
}

TEST_CASE("a next state whose send fails ends the stream", "[assembly]") {
  LiveEngine live;
  Dealer chaincode(live.endpoint());
  chaincode.register_as("basic");
  live.send(response(std::string(kMessageBytesMax + 1, 'x')));
  CHECK(chaincode.receive_frame().empty());
  CHECK(live.members() == 0);
}

TEST_CASE("a TRANSACTION whose handler has ended meanwhile goes to another member of the pool",
          "[assembly]") {
  LiveEngine live;
  Dealer first(live.endpoint());
  first.register_as("basic");
  std::promise<void> gate;
  auto outcome = live.execute("tx1", gate.get_future().share());
  Dealer second(live.endpoint());
  second.register_as("basic");
  first.close();
  live.wait_until([&] { return live.members() == 1; });
  gate.set_value();
  const ChaincodeMessage transaction = second.receive();
  CHECK(transaction.type() == ChaincodeMessage::TRANSACTION);
  CHECK(transaction.txid() == "tx1");
  second.send(in_transaction(transaction, ChaincodeMessage::COMPLETED));
  REQUIRE(outcome.wait_for(10s) == std::future_status::ready);
  CHECK(outcome.get() == Outcome::kCompleted);
  CHECK(live.late() == 0);
}

TEST_CASE("a TRANSACTION whose handler was the last of its pool is not sent", "[assembly]") {
  LiveEngine live;
  Dealer chaincode(live.endpoint());
  chaincode.register_as("basic");
  std::promise<void> gate;
  auto outcome = live.execute("tx1", gate.get_future().share());
  chaincode.close();
  REQUIRE(outcome.wait_for(10s) == std::future_status::ready);
  CHECK(outcome.get() == Outcome::kNotConnected);
  gate.set_value();
  live.wait_until([&] { return live.late() == 1; });
}

TEST_CASE("an answer to a request that is no longer open is counted and not sent", "[assembly]") {
  LiveEngine live;
  Dealer chaincode(live.endpoint());
  chaincode.register_as("basic");
  live.send(response("too late", SendToChaincode::kAsync, 99));
  CHECK(live.late() == 1);
  CHECK(is_alive(chaincode));
}

TEST_CASE("an answer for a handler that has ended is counted and ignored", "[assembly]") {
  LiveEngine live;
  Dealer chaincode(live.endpoint());
  chaincode.register_as("basic");
  chaincode.close();
  live.wait_until([&] { return live.members() == 0; });
  live.send(response("for nobody"));
  CHECK(live.late() == 1);
}

}  // namespace ccbus::test
