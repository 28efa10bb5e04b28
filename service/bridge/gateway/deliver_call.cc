#include "service/bridge/gateway/deliver_call.h"

#include <utility>

#include "fabric/peer/events.pb.h"
#include "service/bridge/gateway/filtered_block.h"

namespace ccbus::bridge {
namespace {

common::Status as_delivered(ccbus::StatusCode code) {
  switch (code) {
    case ccbus::INVALID_ARGUMENT: return common::BAD_REQUEST;
    case ccbus::PERMISSION_DENIED:
    case ccbus::UNAUTHENTICATED: return common::FORBIDDEN;
    case ccbus::NOT_FOUND: return common::NOT_FOUND;
    case ccbus::UNAVAILABLE:
    case ccbus::RESOURCE_EXHAUSTED: return common::SERVICE_UNAVAILABLE;
    default: return common::INTERNAL_SERVER_ERROR;
  }
}

}  // namespace

DeliverCall::~DeliverCall() {
  if (open_ != 0) link_->give_up(open_);
}

void DeliverCall::on_message(Now now, std::string message) {
  if (is_over_) return;
  waiting_.push_back(std::move(message));  // Its bytes are consumed when its turn comes.
  go_on(now);
}

void DeliverCall::go_on(Now now) {
  if (is_over_ || open_ != 0 || rpc_.queued_bytes() >= kRpcWindow) return;
  if (is_seeking_) {
    open_ = link_->ask(request_, [this](Now then, ccbus::ClientResponse response) {
      answered(then, std::move(response));
    });
  } else if (!waiting_.empty()) {
    const std::string message = std::move(waiting_.front());
    waiting_.pop_front();
    rpc_.consumed(room_of(message.size()));
    begin(now, message);
  } else if (has_client_closed_) {
    end({});
  }
}

void DeliverCall::begin(Now now, const std::string& message) {
  request_.Clear();
  auto& asked = *request_.mutable_block_events();
  asked.set_content(content_);
  if (!asked.mutable_signed_request()->ParseFromString(message)) {
    send_status(common::BAD_REQUEST);
    return end({});
  }
  if (link_ == nullptr || link_->is_lost()) link_ = open_link_(now);
  is_seeking_ = true;
  go_on(now);
}

void DeliverCall::answered(Now now, ccbus::ClientResponse response) {
  open_ = 0;
  if (response.status().code() != ccbus::OK) {
    send_status(as_delivered(response.status().code()));
    return end({});
  }
  auto& found = *response.mutable_block_events();
  send_blocks(found);
  if (found.done()) {
    is_seeking_ = false;
    send_status(common::SUCCESS);
  } else {
    auto& asked = *request_.mutable_block_events();
    asked.set_block_number(found.next_block_number());
    if (found.until_case() == ccbus::BlockEventsResponse::kLastBlockNumber) {
      asked.set_last_block_number(found.last_block_number());
    }
  }
  go_on(now);
}

void DeliverCall::send_blocks(ccbus::BlockEventsResponse& found) {
  protos::DeliverResponse message;
  for (const ccbus::FilteredBlock& block : found.filtered_blocks()) {
    *message.mutable_filtered_block() = filtered_block(block);
    rpc_.send(message.SerializeAsString());
  }
  for (int i = 0; i < found.blocks_size(); ++i) {
    common::Block& block = *found.mutable_blocks(i);
    if (content_ == ccbus::BlockEventsRequest::WITH_PRIVATE_DATA) {
      auto& both = *message.mutable_block_and_private_data();
      both.mutable_block()->Swap(&block);
      both.mutable_private_data_map()->swap(*found.mutable_private_data(i)->mutable_transactions());
    } else {
      message.mutable_block()->Swap(&block);
    }
    rpc_.send(message.SerializeAsString());
  }
}

void DeliverCall::send_status(common::Status status) {
  protos::DeliverResponse message;
  message.set_status(status);
  rpc_.send(message.SerializeAsString());
}

void DeliverCall::on_room(Now now) {
  go_on(now);
}

void DeliverCall::on_half_closed(Now now) {
  has_client_closed_ = true;
  if (!is_seeking_) go_on(now);
}

void DeliverCall::on_gone(Now) {
  if (!is_over_) end(rpc_end(RpcCode::kCancelled, "the client has ended the call"));
}

void DeliverCall::end(RpcEnd end) {
  is_over_ = true;
  rpc_.finish(std::move(end));
}

}  // namespace ccbus::bridge
