#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>

#include "ccbus/client.pb.h"
#include "fabric/common/common.pb.h"
#include "service/bridge/calls/rpc.h"
#include "service/bridge/gateway/service_link.h"
#include "service/bridge/gateway/unary_call.h"

namespace ccbus::bridge {

// A call of protos.Deliver. Each message of the client is a signed envelope that asks for blocks;
// they come one by one, and after the last one a status of SUCCESS. Then the next envelope's turn
// has come. A refusal is a status, too, and ends the call, as Fabric's does.
//
// Source: Fabric's common/deliver/deliver.go.
class DeliverCall final : public RpcCall {
 public:
  using Content = ccbus::BlockEventsRequest::Content;

  DeliverCall(Rpc& rpc, Content content, UnaryCall::Link link)
      : rpc_(rpc), content_(content), open_link_(std::move(link)) {}
  ~DeliverCall() override;

  void on_message(Now now, std::string message) override;
  void on_half_closed(Now now) override;
  void on_gone(Now now) override;
  void on_room(Now now) override;
  [[nodiscard]] std::string what() const override { return "/protos.Deliver"; }

 private:
  // Begins with the next envelope, or goes on with the present one.
  void go_on(Now now);
  void begin(Now now, const std::string& message);
  void answered(Now now, ccbus::ClientResponse response);
  void send_blocks(ccbus::BlockEventsResponse& found);
  void send_status(common::Status status);
  void end(RpcEnd end);

  Rpc& rpc_;
  const Content content_;
  const UnaryCall::Link open_link_;
  std::deque<std::string> waiting_;  // Envelopes whose turn has not come.
  std::shared_ptr<ServiceLink> link_;
  ccbus::ClientRequest request_;
  bool is_seeking_ = false;  // `request_` is not answered to its end.
  std::uint64_t open_ = 0;   // The request that is open; 0: none.
  bool has_client_closed_ = false;
  bool is_over_ = false;
};

}  // namespace ccbus::bridge
