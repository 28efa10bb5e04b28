#include "service/bridge/gateway/unary_call.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "service/bridge/gateway/rpc_status.h"

namespace ccbus::bridge {

std::uint32_t milliseconds_until(std::optional<WallTime> deadline, Now now) {
  if (!deadline) return 0;
  using Milliseconds = std::chrono::milliseconds;
  const auto left = std::chrono::duration_cast<Milliseconds>(*deadline - now.wall).count();
  constexpr std::int64_t kMax = std::numeric_limits<std::uint32_t>::max();
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(left, 1, kMax));
}

UnaryCall::~UnaryCall() {
  if (open_ != 0) link_->give_up(open_);
}

void UnaryCall::on_message(Now now, std::string message) {
  if (is_over_) return;
  if (link_ != nullptr) {
    return end(rpc_end(RpcCode::kInvalidArgument, "the method takes one request"));
  }
  auto request = method_.request(message);
  rpc_.consumed(room_of(message.size()));
  if (!request) return end(rpc_end(RpcCode::kInvalidArgument, request.error().message));
  request_ = std::move(*request);
  link_ = open_link_(now);
  ask(now);
}

void UnaryCall::ask(Now now) {
  request_.set_timeout_ms(milliseconds_until(deadline_, now));
  const auto on_answer = [this](Now then, ccbus::ClientResponse response) {
    answered(then, std::move(response));
  };
  open_ = method_.waits_without_end ? link_->ask(request_, on_answer)
                                    : link_->ask(std::move(request_), on_answer);
}

void UnaryCall::answered(Now now, ccbus::ClientResponse response) {
  open_ = 0;
  const bool has_time = !deadline_ || *deadline_ > now.wall;
  if (method_.waits_without_end && has_time &&
      response.status().code() == ccbus::DEADLINE_EXCEEDED) {
    return ask(now);
  }
  if (response.status().code() != ccbus::OK) return end(rpc_end(response.status()));
  is_over_ = true;
  rpc_.answer(method_.reply(std::move(response)));
}

void UnaryCall::on_half_closed(Now) {
  if (link_ == nullptr && !is_over_) {
    end(rpc_end(RpcCode::kInvalidArgument, "the method takes a request"));
  }
}

void UnaryCall::on_gone(Now) {
  if (!is_over_) end(rpc_end(RpcCode::kCancelled, "the client has ended the call"));
}

void UnaryCall::end(RpcEnd end) {
  is_over_ = true;
  rpc_.finish(std::move(end));
}

}  // namespace ccbus::bridge
