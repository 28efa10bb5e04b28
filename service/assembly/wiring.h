#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "service/assembly/large_frames.h"
#include "service/base/ids.h"
#include "service/base/job.h"
#include "service/bus/event_loop.h"
#include "service/bus/router_endpoint.h"
#include "service/chaincode/chaincode_support.h"
#include "service/gateway/gateway.h"
#include "service/ledger/commit/channel_ledger.h"
#include "service/security/keys/key_holders.h"

// The adapters between the bus, which carries bytes, and the chaincode engine and the gateway,
// which handle messages.
namespace ccbus {

struct StopRequested {
  int exit_code = 0;
  std::string reason;
};

// A channel's ledger is closed after an error of its disk, until it can be opened again. Whoever
// holds a view of it lets it go; the outcome of what was ordered and not reported is unknown.
struct LedgerClosed {
  ChannelId channel;
};

// A channel's log may not be read any further, or cannot be reached.
struct LogHalted {
  ChannelId channel;
};

// What other threads send to the bus thread through the next-state pipe.
using BusEvent = std::variant<chaincode::NextState, ledger::BlockCommitted, std::unique_ptr<Job>,
                              StopRequested, LedgerClosed, LogHalted>;

// Encodes a message directly into the frame that is sent.
[[nodiscard]] zmq::message_t encode(const google::protobuf::MessageLite& message);

// Connects the chaincode engine with its ROUTER.
class ChaincodeSide final : public chaincode::Outbox,
                            public DecodingListener,
                            private chaincode::Credentials {
 public:
  // Who is connected to the two endpoints.
  struct Holders {
    security::KeyHolders& chaincodes;
    const security::KeyHolders& clients;
  };

  // The references outlive it.
  ChaincodeSide(chaincode::Options options, Holders holders, chaincode::Simulators& simulators,
                chaincode::ChaincodeSupport::Threads threads, Logger& logger, Counters& counters)
      : holders_(holders),
        support_(with_credentials(std::move(options)), *this, simulators, threads, logger,
                 counters) {}

  // Call it before the first message. The endpoint outlives this object; clients that have
  // connected to it are told the address of their own.
  void attach(bus::RouterEndpoint& endpoint, std::string client_address) {
    endpoint_ = &endpoint;
    tell(std::move(client_address));
  }
  void tell(std::string client_address) { client_address_ = std::move(client_address); }

  [[nodiscard]] chaincode::ChaincodeSupport& support() { return support_; }

  // Both answer a client that has connected here in its own language.
  Result<void> send(PeerId peer, const chaincode::MessageView& message) override;
  void send_end(PeerId peer) override;

  void on_message(Now now, PeerId peer, zmq::message_t& frame) override {
    handled_ = frame.to_string_view();
    support_.on_message(now, peer, {frame.data<std::byte>(), frame.size()});
    handled_ = {};
    told_ = nullptr;
  }
  Decoded decode(zmq::message_t frame) override;
  void on_malformed(Now now, PeerId peer, std::string_view reason) override {
    support_.on_malformed(now, peer, reason);
  }
  bool on_peer_came(Now now, PeerId peer, std::string_view public_key) override {
    return holders_.chaincodes.came(peer, public_key, now.wall);
  }
  void on_peer_gone(Now now, PeerId peer) override {
    support_.on_peer_gone(now, peer);
    holders_.chaincodes.left(peer);
  }

  // Keys have changed: ends the streams of those that may not have them any more.
  void on_keys_changed(Now now);

  bool may_stay(PeerId peer) const override { return support_.has_handler(peer); }
  void check_peers(std::span<const PeerId> connected) const override;

 private:
  [[nodiscard]] chaincode::Options with_credentials(chaincode::Options options) const;
  Result<void> may_register(PeerId peer, std::string_view chaincode) const override;
  bool may_serve(PeerId peer, std::string_view channel) const override {
    return holders_.chaincodes.of(peer).permissions.may_use(channel);
  }
  bool may_reach(PeerId client, std::string_view channel) const override;
  bool told_client(PeerId peer);

  const Holders holders_;

  bus::RouterEndpoint* endpoint_ = nullptr;
  std::string client_address_;
  std::string_view handled_;    // The frame that is being handled.
  const char* told_ = nullptr;  // The one whose sender was told so.
  chaincode::ChaincodeSupport support_;
};

// Connects the gateway with its ROUTER.
class ClientSide final : public gateway::ClientOutbox, public DecodingListener {
 public:
  // It outlives this object.
  explicit ClientSide(security::KeyHolders& holders) : holders_(holders) {}

  // Call it before the first message. Both outlive this object; chaincodes that have connected to
  // the endpoint are told the address of their own.
  void attach(bus::RouterEndpoint& endpoint, gateway::Gateway& gateway,
              std::string chaincode_address) {
    endpoint_ = &endpoint;
    gateway_ = &gateway;
    tell(std::move(chaincode_address));
  }
  void tell(std::string chaincode_address) { chaincode_address_ = std::move(chaincode_address); }

  Result<void> send(PeerId client, const ccbus::ClientResponse& response) override {
    return endpoint_->send(client, encode(response));
  }
  void end(PeerId client, std::string_view reason) override { endpoint_->cut(client, reason); }

  // Also answers a chaincode that has connected here, in its own language.
  void on_message(Now now, PeerId peer, zmq::message_t& frame) override;
  Decoded decode(zmq::message_t frame) override;
  void on_malformed(Now, PeerId peer, std::string_view reason) override {
    gateway_->on_malformed(peer, reason);
  }
  bool on_peer_came(Now now, PeerId peer, std::string_view public_key) override {
    return holders_.came(peer, public_key, now.wall);
  }
  void on_peer_gone(Now, PeerId peer) override {
    gateway_->on_client_gone(peer);
    holders_.left(peer);
  }

  // Keys have changed: cuts the clients whose key may do other things than before, or nothing.
  void on_keys_changed(Now now);

 private:
  security::KeyHolders& holders_;
  bus::RouterEndpoint* endpoint_ = nullptr;
  gateway::Gateway* gateway_ = nullptr;
  std::string chaincode_address_;
};

// Passes the events of the pipe and the timer to the chaincode engine and the gateway.
//
// After the first StopRequested the gateway takes no new requests, and the loop goes on until the
// open ones have ended or the grace period is over. A second StopRequested stops the loop at once,
// and so does one with an exit code other than 0.
class Dispatcher final : public bus::LoopListener<BusEvent> {
 public:
  struct Options {
    std::chrono::milliseconds grace;                        // shutdown.grace
    std::function<void(const StopRequested&)> on_stopping;  // Called once, on the bus thread.
  };

  // The references outlive this object.
  Dispatcher(chaincode::ChaincodeSupport& chaincodes, gateway::Gateway& gateway, Logger& logger,
             Options options)
      : chaincodes_(chaincodes), gateway_(gateway), logger_(logger), options_(std::move(options)) {}

  void on_event(Now now, std::unique_ptr<BusEvent> event) override;
  void on_timer(Now now) override;
  std::optional<SteadyTime> next_deadline() const override;
  bool is_stopped() const override { return stop_ && (!grace_ends_ || gateway_.is_drained()); }

  // Set once the loop has ended.
  [[nodiscard]] const std::optional<StopRequested>& stop() const { return stop_; }

 private:
  void handle(Now now, BusEvent& event);
  void begin_stop(Now now, StopRequested request);

  chaincode::ChaincodeSupport& chaincodes_;
  gateway::Gateway& gateway_;
  Logger& logger_;
  const Options options_;
  std::optional<StopRequested> stop_;
  std::optional<SteadyTime> grace_ends_;  // Set while open requests may still end.
};

}  // namespace ccbus
