#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "service/base/job.h"
#include "service/bus/event_loop.h"
#include "service/bus/router_endpoint.h"
#include "service/chaincode/chaincode_support.h"
#include "service/gateway/gateway.h"
#include "service/ledger/commit/channel_ledger.h"

// The adapters that join the folders: bytes on the bus's side, messages on the engine's.
namespace ccbus {

struct StopRequested {
  int exit_code = 0;
  std::string reason;
};

// Everything that another thread can want of the bus thread.
using BusEvent =
    std::variant<chaincode::NextState, ledger::BlockCommitted, std::unique_ptr<Job>, StopRequested>;

// Encodes straight into the frame that goes out.
[[nodiscard]] zmq::message_t encode(const google::protobuf::MessageLite& message);

// The chaincode engine behind its ROUTER.
class ChaincodeSide final : public chaincode::Outbox, public bus::EndpointListener {
 public:
  ChaincodeSide(const chaincode::Options& options, chaincode::Simulators& simulators,
                chaincode::ChaincodeSupport::Threads threads, Logger& logger, Counters& counters)
      : support_(options, *this, simulators, threads, logger, counters) {}

  // Before the first message; the endpoint outlives this.
  void attach(bus::RouterEndpoint& endpoint) { endpoint_ = &endpoint; }

  [[nodiscard]] chaincode::ChaincodeSupport& support() { return support_; }

  Result<void> send(PeerId peer, const chaincode::MessageView& message) override {
    zmq::message_t frame(chaincode::encoded_bytes(message));
    chaincode::encode(message, static_cast<std::uint8_t*>(frame.data()));
    return endpoint_->send(peer, std::move(frame));
  }
  void send_end(PeerId peer) override { endpoint_->send_end(peer); }

  void on_message(Now now, PeerId peer, std::span<const std::byte> frame) override {
    support_.on_message(now, peer, frame);
  }
  void on_malformed(Now now, PeerId peer, std::string_view reason) override {
    support_.on_malformed(now, peer, reason);
  }
  void on_peer_gone(Now now, PeerId peer) override { support_.on_peer_gone(now, peer); }

 private:
  bus::RouterEndpoint* endpoint_ = nullptr;
  chaincode::ChaincodeSupport support_;
};

// The gateway behind its ROUTER.
class ClientSide final : public gateway::ClientOutbox, public bus::EndpointListener {
 public:
  ClientSide() = default;

  // Before the first message; both outlive this.
  void attach(bus::RouterEndpoint& endpoint, gateway::Gateway& gateway) {
    endpoint_ = &endpoint;
    gateway_ = &gateway;
  }

  Result<void> send(PeerId client, const ccbus::ClientResponse& response) override {
    return endpoint_->send(client, encode(response));
  }

  void on_message(Now now, PeerId peer, std::span<const std::byte> frame) override {
    gateway_->on_message(now, peer, frame);
  }
  void on_malformed(Now, PeerId peer, std::string_view reason) override {
    gateway_->on_malformed(peer, reason);
  }
  void on_peer_gone(Now, PeerId peer) override { gateway_->on_client_gone(peer); }

 private:
  bus::RouterEndpoint* endpoint_ = nullptr;
  gateway::Gateway* gateway_ = nullptr;
};

// Takes what comes through the pipe and from the timer to where it belongs.
//
// Asked to stop, it drains: no new work is taken, and the loop turns until what is open has ended
// or the grace is over. Asked again, it stops at once, and so it does for a reason that is an
// error.
class Dispatcher final : public bus::LoopListener<BusEvent> {
 public:
  struct Options {
    std::chrono::milliseconds grace;                        // shutdown.grace
    std::function<void(const StopRequested&)> on_stopping;  // Once, on the bus thread.
  };

  // The references outlive it.
  Dispatcher(chaincode::ChaincodeSupport& chaincodes, gateway::Gateway& gateway, Options options)
      : chaincodes_(chaincodes), gateway_(gateway), options_(std::move(options)) {}

  void on_event(Now now, std::unique_ptr<BusEvent> event) override;
  void on_timer(Now now) override;
  std::optional<SteadyTime> next_deadline() const override;
  bool is_stopped() const override { return stop_ && (!grace_ends_ || gateway_.is_drained()); }

  // Set once the loop has ended.
  [[nodiscard]] const std::optional<StopRequested>& stop() const { return stop_; }

 private:
  void begin_stop(Now now, StopRequested request);

  chaincode::ChaincodeSupport& chaincodes_;
  gateway::Gateway& gateway_;
  const Options options_;
  std::optional<StopRequested> stop_;
  std::optional<SteadyTime> grace_ends_;  // While it drains.
};

}  // namespace ccbus
