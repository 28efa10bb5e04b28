#include "service/bridge/gateway/service_links.h"

#include <iterator>

namespace ccbus::bridge {

std::shared_ptr<ServiceLink> ServiceLinks::of(Now now, const std::string& connection) {
  std::shared_ptr<ServiceLink>& link = links_[connection].link;
  if (link == nullptr || link->is_lost()) link = std::make_shared<ServiceLink>(now, service_);
  if (!next_look_) next_look_ = now.steady + kBetweenLooks;
  return link;
}

void ServiceLinks::on_timer(Now now) {
  if (!next_look_ || *next_look_ > now.steady) return;
  for (auto at = links_.begin(); at != links_.end();) {
    auto& [link, asked] = at->second;
    const bool is_idle = link->open() == 0 && link->asked() == asked;
    asked = link->asked();
    at = link->is_lost() || is_idle ? links_.erase(at) : std::next(at);
  }
  next_look_ = links_.empty() ? std::nullopt : std::optional(now.steady + kBetweenLooks);
}

std::optional<SteadyTime> ServiceLinks::next_deadline() const {
  return next_look_;
}

std::size_t ServiceLinks::open() const {
  std::size_t open = 0;
  for (const auto& [connection, entry] : links_) open += entry.link->open();
  return open;
}

std::vector<ServiceLinks::Report> ServiceLinks::report() const {
  std::vector<Report> report;
  for (const auto& [from, entry] : links_) {
    report.push_back({from, entry.link->asked(), entry.link->open()});
  }
  return report;
}

}  // namespace ccbus::bridge
