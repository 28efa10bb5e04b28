#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "ccbus/client.pb.h"
#include "service/bridge/calls/rpc.h"
#include "service/bridge/gateway/service_link.h"
#include "service/bridge/gateway/unary_call.h"

namespace ccbus::bridge {

// A call of gateway.Gateway/ChaincodeEvents: one signed request, and a message for each block that
// has events of the chaincode, until the client has enough. The service is asked for the next
// blocks once gRPC has taken the last ones.
class EventsCall final : public RpcCall {
 public:
  EventsCall(Rpc& rpc, UnaryCall::Link link) : rpc_(rpc), open_link_(std::move(link)) {}
  ~EventsCall() override;

  void on_message(Now now, std::string message) override;
  void on_half_closed(Now now) override;
  void on_gone(Now now) override;
  void on_room(Now now) override;
  [[nodiscard]] std::string what() const override { return kName; }

  static constexpr const char* kName = "/gateway.Gateway/ChaincodeEvents";

 private:
  void ask();
  void answered(ccbus::ClientResponse response);
  void end(RpcEnd end);

  Rpc& rpc_;
  const UnaryCall::Link open_link_;
  std::shared_ptr<ServiceLink> link_;  // Once there is a request.
  ccbus::ClientRequest request_;
  std::uint64_t open_ = 0;  // The request that is open; 0: none.
  bool is_over_ = false;
};

}  // namespace ccbus::bridge
