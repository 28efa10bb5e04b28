#include "service/bridge/gateway/service_link.h"

#include <utility>

namespace ccbus::bridge {

std::uint64_t ServiceLink::ask(ccbus::ClientRequest request, Answer answer) {
  const std::uint64_t number = ++numbers_;
  request.set_correlation_id(number);
  open_.emplace(number, std::move(answer));
  dealer_->send(request.SerializeAsString());
  return number;
}

void ServiceLink::give_up(std::uint64_t request) {
  if (open_.erase(request) == 0 || is_lost_) return;
  ccbus::ClientRequest cancel;
  cancel.set_correlation_id(++numbers_);  // Nobody waits for its answer.
  cancel.mutable_cancel()->set_correlation_id(request);
  dealer_->send(cancel.SerializeAsString());
}

void ServiceLink::on_frame(Now now, std::string frame) {
  ccbus::ClientResponse response;
  if (!response.ParseFromString(frame)) return on_lost(now, "the service has sent no response");
  if (response.correlation_id() == 0) return on_lost(now, response.status().message());
  const auto at = open_.find(response.correlation_id());
  if (at == open_.end()) return;  // Given up.
  Answer answer = std::move(at->second);
  open_.erase(at);
  answer(now, std::move(response));
}

void ServiceLink::on_lost(Now now, const std::string& why) {
  is_lost_ = true;
  dealer_->hold();
  for (auto& [number, answer] : std::exchange(open_, {})) {
    ccbus::ClientResponse response;
    response.mutable_status()->set_code(ccbus::UNAVAILABLE);
    response.mutable_status()->set_message(why);
    answer(now, std::move(response));
  }
}

}  // namespace ccbus::bridge
