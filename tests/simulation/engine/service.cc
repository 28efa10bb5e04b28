#include "tests/simulation/engine/service.h"

#include <stdexcept>
#include <utility>

#include "service/chaincode/message/message_view.h"
#include "tests/simulation/engine/allocation_meter.h"

namespace ccbus::simulation {
namespace {

gateway::RandomSource random_source(Chance& chance) {
  return [&chance](std::span<std::byte> buffer) {
    for (std::byte& byte : buffer) byte = static_cast<std::byte>(chance.next());
  };
}

std::span<const std::byte> bytes_of(std::string_view frame) {
  return std::as_bytes(std::span(frame));
}

}  // namespace

// In place of assembly/wiring.h's ChaincodeSide.
class Service::ChaincodePort final : public chaincode::Outbox, public ServiceEnd {
 public:
  explicit ChaincodePort(Service& service) : service_(service), around_(service.around_) {}

  Result<void> send(PeerId peer, const chaincode::MessageView& message) override {
    const UnmeteredWork sending;
    if (service_.has_ended_) return fail(ErrorCode::kPeerGone, "the service has died");
    std::string frame = chaincode::encode(message);
    protos::ChaincodeMessage decoded;
    around_.findings.check(decoded.ParseFromString(frame), "the engine sent what is no message");
    auto sent = around_.chaincodes.send(peer, std::move(frame));
    around_.trace.add("chaincode " + std::to_string(peer.value) + " <- " +
                      protos::ChaincodeMessage::Type_Name(message.type) + " " +
                      std::string(message.txid.substr(0, 8)) + (sent ? "" : " refused"));
    if (sent) {
      around_.observer.sent(peer, decoded);
      if (decoded.type() == protos::ChaincodeMessage::TRANSACTION) {
        around_.answers.began_on(decoded.txid(), ChannelId{decoded.channel_id()});
      }
    }
    return sent;
  }
  void send_end(PeerId peer) override {
    const UnmeteredWork sending;
    if (service_.has_ended_) return;
    around_.trace.add("chaincode " + std::to_string(peer.value) + " <- end");
    around_.chaincodes.send_end(peer);
  }

  void on_message(PeerId peer, std::string_view frame) override {
    around_.observer.received(peer, frame);
    const MeteredWork work;
    service_.engine_->on_message(around_.now, peer, bytes_of(frame));
  }
  void on_malformed(PeerId peer, std::string_view reason) override {
    const MeteredWork work;
    service_.engine_->on_malformed(around_.now, peer, reason);
  }
  void on_peer_gone(PeerId peer) override {
    around_.observer.gone(peer);
    const MeteredWork work;
    service_.engine_->on_peer_gone(around_.now, peer);
  }

 private:
  Service& service_;
  const Surroundings& around_;
};

// In place of assembly/wiring.h's ClientSide.
class Service::ClientPort final : public gateway::ClientOutbox, public ServiceEnd {
 public:
  explicit ClientPort(Service& service) : service_(service), around_(service.around_) {}

  Result<void> send(PeerId client, const ccbus::ClientResponse& response) override {
    const UnmeteredWork sending;
    if (service_.has_ended_) return fail(ErrorCode::kPeerGone, "the service has died");
    auto sent = around_.clients.send(client, response.SerializeAsString());
    around_.trace.add("client " + std::to_string(client.value) + " <- " +
                      std::to_string(response.correlation_id()) + " kind " +
                      std::to_string(response.response_case()) + " status " +
                      std::to_string(response.status().code()) +
                      (sent ? "" : " refused " + std::to_string(int(sent.error().code))));
    if (!sent && sent.error().code == ErrorCode::kExhausted) service_.owed_.insert(client);
    // What is too large is replaced by a smaller answer.
    if (sent || sent.error().code != ErrorCode::kInvalid) {
      around_.requests.answered(client, response);
      around_.answers.answered(response);
    }
    return sent;
  }
  void end(PeerId client, std::string_view) override {
    const UnmeteredWork sending;
    service_.owed_.erase(client);
    if (!service_.has_ended_) around_.clients.cut(client);
  }

  void on_message(PeerId peer, std::string_view frame) override {
    around_.requests.handed_over(peer, frame, around_.trace.step());
    const MeteredWork work;
    service_.gateway_->on_message(around_.now, peer, bytes_of(frame));
  }
  void on_malformed(PeerId peer, std::string_view reason) override {
    around_.requests.handed_over_malformed(peer, around_.trace.step());
    const MeteredWork work;
    service_.gateway_->on_malformed(peer, reason);
  }
  void on_peer_gone(PeerId peer) override {
    around_.requests.left(peer);
    const MeteredWork work;
    service_.gateway_->on_client_gone(peer);
  }

 private:
  Service& service_;
  const Surroundings& around_;
};

// The simulation makes and resets no channels: such requests fail.
class Service::Host final : public gateway::ChannelHost {
 public:
  explicit Host(Service& service) : service_(service) {}

  Result<gateway::Channel> make(const ChannelId&, const gateway::ChannelBeginning&,
                                const CancellationToken&) override {
    return fail(ErrorCode::kExhausted, "limits.channels is reached");
  }
  Result<void> replace(const ChannelId&, const gateway::ChannelBeginning&,
                       const CancellationToken&) override {
    return fail(ErrorCode::kIo, "a simulated channel is not replaced");
  }
  gateway::Channel find(const ChannelId& channel) override {
    return service_.committers_.at(channel)->channel();
  }

 private:
  Service& service_;
};

Service::Service(const Surroundings& around, const std::vector<std::string>& channels)
    : around_(around),
      logger_(make_silent_logger()),
      simulations_(around.settings.limits.transactions_bytes_max),
      workers_(around.settings.limits.background_jobs_max, pipe_),
      signers_(2 * around.settings.limits.requests_open_max, pipe_),
      proposals_(around.identity, random_source(around.chance)),
      identities_(around.identity),
      simulators_(channels_, around.settings.limits.view_cache_bytes_max,
                  {around.settings.limits.transaction_bytes_max, &simulations_}) {
  open_channels(channels);
  host_ = std::make_unique<Host>(*this);
  chaincode_port_ = std::make_unique<ChaincodePort>(*this);
  client_port_ = std::make_unique<ClientPort>(*this);
  chaincode::Options options = around_.settings.chaincode;
  options.read_clock = [&now = around_.now] { return now.steady; };
  engine_ = std::make_unique<chaincode::ChaincodeSupport>(
      options, *chaincode_port_, simulators_,
      chaincode::ChaincodeSupport::Threads{workers_, signers_}, *logger_, counters_);
  gateway_ = std::make_unique<gateway::Gateway>(
      around_.settings.gateway,
      gateway::Dependencies{*engine_, channels_, simulators_, *host_, workers_, workers_, signers_,
                            proposals_, identities_, no_organizations_, holders_, keys_,
                            *client_port_, *logger_, counters_});
  using namespace std::chrono_literals;
  dispatcher_ = std::make_unique<Dispatcher>(
      *engine_, *gateway_, *logger_, Dispatcher::Options{10ms, [](const StopRequested&) {}});
}

Service::~Service() = default;

std::optional<std::int64_t> Service::live_bytes() const {
  if (!AllocationMeter::is_measuring()) return std::nullopt;
  return AllocationMeter::live_bytes() - live_bytes_at_start_;
}

void Service::open_channels(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    ledger::ChannelLedger::Options options;
    options.directory = "/" + name;
    options.env = around_.disk.env();
    options.memory = std::make_shared<ledger::StorageMemory>(around_.settings.storage_bytes);
    auto opened = ledger::ChannelLedger::open(ChannelId{name}, options);
    if (!opened) throw std::runtime_error("cannot open channel: " + opened.error().message);
    auto made = std::make_unique<SimulatedChannel>(around_.settings, std::move(*opened), pipe_,
                                                   around_.model, around_.findings, around_.trace);
    channels_.emplace(ChannelId{name}, made->channel());
    committers_.emplace(ChannelId{name}, std::move(made));
  }
}

void Service::deliver_to_engine() {
  around_.chaincodes.deliver(*chaincode_port_);
}

void Service::deliver_to_gateway() {
  around_.clients.deliver(*client_port_);
}

void Service::end_chaincode() {
  around_.chaincodes.report_end(*chaincode_port_);
}

void Service::end_client() {
  around_.clients.report_end(*client_port_);
}

void Service::handle_pipe_event() {
  const MeteredWork work;
  dispatcher_->on_event(around_.now, pipe_.take());
}

void Service::run_worker() {
  const MeteredWork work;
  workers_.run_one();
}

void Service::run_signer() {
  const MeteredWork work;
  signers_.run_one();
}

void Service::fire_timer() {
  const MeteredWork work;
  dispatcher_->on_timer(around_.now);
}

void Service::begin_stop() {
  around_.trace.add("the service is asked to stop");
  pipe_.send(StopRequested{0, "simulated"});
}

void Service::stop() {
  around_.trace.add("the service stops");
  engine_->shutdown(around_.now);
  end_everything();
}

void Service::die() {
  around_.trace.add("the service dies");
  has_ended_ = true;
  engine_->shutdown(around_.now);
  end_everything();
}

// As main.cc does it once the loop has ended.
void Service::end_everything() {
  for (const auto& job : workers_.stop()) {
    job->drop({ErrorCode::kUnavailable, gateway::kShuttingDown});
  }
  static_cast<void>(signers_.stop());
  if (!has_ended_) {
    for (const auto& [id, channel] : committers_) channel->stop(around_.now.steady);
  }
  while (!pipe_.empty()) dispatcher_->on_event(around_.now, pipe_.take());
  gateway_->shutdown();
}

}  // namespace ccbus::simulation
