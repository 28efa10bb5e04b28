#include "service/base/repeated_lines.h"

#include <algorithm>

namespace ccbus {
namespace {

std::string event_of(std::string_view format) {
  if (format.empty()) return "further lines";
  const std::string_view name = format.substr(0, format.find_first_of(" {"));
  return name.empty() ? "lines without a name" : std::string(name);
}

}  // namespace

bool RepeatedLines::admit(SteadyTime now, int level, std::string_view format,
                          std::vector<Summary>& ended) {
  take_ended(now, ended);
  Kind& kind = kind_of(now, level, format);
  if (now - kind.began >= options_.window) kind = {now};
  if (kind.written < options_.lines_max) {
    ++kind.written;
    return true;
  }
  ++kind.counted;
  next_summary_ = std::min(next_summary_, kind.began + options_.window);
  return false;
}

RepeatedLines::Kind& RepeatedLines::kind_of(SteadyTime now, int level, std::string_view format) {
  const std::pair<int, std::string_view> key(level, format);
  if (const auto at = kinds_.find(key); at != kinds_.end()) return at->second;
  if (kinds_.size() >= options_.kinds_max) forget_ended(now);
  const std::string_view added = kinds_.size() < options_.kinds_max ? format : "";
  return kinds_.try_emplace({level, std::string(added)}, Kind{now}).first->second;
}

void RepeatedLines::forget_ended(SteadyTime now) {
  std::erase_if(kinds_, [&](const auto& entry) {
    return entry.second.counted == 0 && now - entry.second.began >= options_.window;
  });
}

void RepeatedLines::take_ended(SteadyTime now, std::vector<Summary>& ended) {
  if (now < next_summary_) return;
  next_summary_ = kNever;
  for (auto& [key, kind] : kinds_) {
    if (kind.counted == 0) continue;
    const SteadyTime end = kind.began + options_.window;
    if (now < end) {
      next_summary_ = std::min(next_summary_, end);
      continue;
    }
    ended.push_back({key.first, event_of(key.second), kind.counted, options_.window});
    kind.counted = 0;
  }
}

void RepeatedLines::take_all(SteadyTime now, std::vector<Summary>& ended) {
  take_ended(now, ended);
  next_summary_ = kNever;
  for (auto& [key, kind] : kinds_) {
    if (kind.counted == 0) continue;
    const auto within = std::chrono::ceil<std::chrono::seconds>(now - kind.began);
    ended.push_back({key.first, event_of(key.second), kind.counted, within});
    kind = {now};
  }
}

}  // namespace ccbus
