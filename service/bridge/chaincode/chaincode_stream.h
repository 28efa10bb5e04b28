#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "service/base/log.h"
#include "service/bridge/calls/dealer.h"
#include "service/bridge/calls/rpc.h"

namespace ccbus::bridge {

// One chaincode's stream: a gRPC call on one side, a DEALER on the other, and the same messages
// on both, as bytes. Of the chaincode's messages only the first one is read, which registers it;
// until then there is no DEALER, and the service is asked for nothing.
//
//   gRPC                                  ZeroMQ
//   end of the chaincode's messages       an empty frame, then the connection is closed
//   call cancelled, connection broken     the same
//   end of the call with OK               an empty frame
//   end of the call with UNAVAILABLE      the connection to the service is lost
//
// The service's KEEPALIVE is not passed on: Fabric's peer sends none unless it is told to, and the
// stock shim for Node.js ends on one.
//
// A message without content is the end on both sides: with ZeroMQ it is an empty frame, and
// Fabric's peer ends a stream on a message without a type.
//
// Either side is read only as fast as the other one takes it: see Rpc::consumed() and
// Dealer::hold().
class ChaincodeStream final : public RpcCall, private DealerUser {
 public:
  struct Parts {
    DealerSource& service;  // Its endpoint for chaincode.
    // The name under which it is to be known, of the one that it has; or why it may not have it.
    std::function<Result<std::string>(const std::string& name)> admit;
    Logger& logger;
  };

  // `from` names the other side in the log.
  ChaincodeStream(Rpc& rpc, std::string from, Parts parts);
  ~ChaincodeStream() override;

  void on_message(Now now, std::string message) override;
  void on_half_closed(Now now) override;
  void on_gone(Now now) override;
  void on_room(Now now) override;

  // Registered, since when; nullopt: not yet.
  [[nodiscard]] std::string what() const override { return "chaincode " + name_; }

 private:
  void on_frame(Now now, std::string frame) override;
  void on_sent(Now now) override;
  void on_lost(Now now, const std::string& why) override;

  // Returns the message that registers it with the service.
  [[nodiscard]] Result<std::string> registration(const std::string& message);
  void give_room();
  // Tells the service, if it knows of the chaincode.
  void leave();
  void end(RpcEnd end, const std::string& why);

  Rpc& rpc_;
  const std::string from_;
  const Parts parts_;
  std::unique_ptr<Dealer> dealer_;  // Null until it registers.
  std::string name_;                // Under which it has registered; empty: not yet.
  bool is_over_ = false;
  std::size_t unconsumed_ = 0;  // Of what was sent to the service.
  bool is_awaiting_sent_ = false;
};

}  // namespace ccbus::bridge
