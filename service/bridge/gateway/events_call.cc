#include "service/bridge/gateway/events_call.h"

#include <utility>

#include "fabric/gateway/calls.pb.h"
#include "service/bridge/gateway/rpc_status.h"

namespace ccbus::bridge {

EventsCall::~EventsCall() {
  if (open_ != 0) link_->give_up(open_);
}

void EventsCall::on_message(Now now, std::string message) {
  if (is_over_) return;
  if (link_ != nullptr) {
    return end(rpc_end(RpcCode::kInvalidArgument, "the method takes one request"));
  }
  auto& asked = *request_.mutable_chaincode_events();
  const bool is_read = asked.mutable_signed_request()->ParseFromString(message);
  rpc_.consumed(room_of(message.size()));
  if (!is_read) {
    return end(rpc_end(RpcCode::kInvalidArgument,
                       "the request is no gateway.SignedChaincodeEventsRequest"));
  }
  link_ = open_link_(now);
  ask();
}

void EventsCall::ask() {
  open_ = link_->ask(
      request_, [this](Now, ccbus::ClientResponse response) { answered(std::move(response)); });
}

void EventsCall::answered(ccbus::ClientResponse response) {
  open_ = 0;
  if (response.status().code() != ccbus::OK) return end(rpc_end(response.status()));
  auto& found = *response.mutable_chaincode_events();
  for (auto& block : *found.mutable_blocks()) {
    ::gateway::ChaincodeEventsResponse reply;
    reply.set_block_number(block.block_number());
    reply.mutable_events()->Swap(block.mutable_events());
    rpc_.send(reply.SerializeAsString());
  }
  request_.mutable_chaincode_events()->mutable_from()->Swap(found.mutable_next());
  if (rpc_.queued_bytes() < kRpcWindow) ask();
}

void EventsCall::on_room(Now) {
  if (!is_over_ && link_ != nullptr && open_ == 0) ask();
}

void EventsCall::on_half_closed(Now) {
  if (link_ == nullptr && !is_over_) {
    end(rpc_end(RpcCode::kInvalidArgument, "the method takes a request"));
  }
}

void EventsCall::on_gone(Now) {
  if (!is_over_) end(rpc_end(RpcCode::kCancelled, "the client has ended the call"));
}

void EventsCall::end(RpcEnd end) {
  is_over_ = true;
  rpc_.finish(std::move(end));
}

}  // namespace ccbus::bridge
