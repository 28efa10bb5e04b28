#include "service/bridge/chaincode/dialled_chaincodes.h"

#include <algorithm>
#include <utility>

namespace ccbus::bridge {

void DialledChaincodes::set(Now now, const ChaincodeService& service) {
  Entry& entry = entries_[service.name];
  std::vector<Caller> before = std::exchange(entry.callers, {});
  entry.service = service;
  for (const RpcTarget& target : service.targets) {
    const auto at = std::ranges::find(before, target, &Caller::target);
    if (at == before.end()) {
      entry.callers.push_back({target, 0, {}, 0, {}});
    } else {
      entry.callers.push_back(std::move(*at));
      before.erase(at);
    }
  }
  for (const Caller& caller : before) {
    if (caller.call != 0) hang_up_(now, caller.call);
  }
  for (Caller& caller : entry.callers) {
    if (caller.call == 0) call(now, entry, caller);
  }
}

bool DialledChaincodes::remove(Now now, const std::string& name) {
  const auto at = entries_.find(name);
  if (at == entries_.end()) return false;
  const Entry entry = std::move(at->second);
  entries_.erase(at);
  for (const Caller& caller : entry.callers) {
    if (caller.call != 0) hang_up_(now, caller.call);
  }
  return true;
}

void DialledChaincodes::call(Now now, const Entry& entry, Caller& caller) {
  caller.since = now.steady;
  caller.call = dial_(now, entry.service, caller.target);
}

DialledChaincodes::Caller* DialledChaincodes::find(std::uint64_t call) {
  for (auto& [name, entry] : entries_) {
    const auto at = std::ranges::find(entry.callers, call, &Caller::call);
    if (at != entry.callers.end()) return &*at;
  }
  return nullptr;
}

void DialledChaincodes::on_ended(Now now, std::uint64_t call, const std::string& why) {
  Caller* caller = find(call);
  if (caller == nullptr) return;  // Removed.
  const bool has_held = now.steady - caller->since >= kHeld;
  caller->failures = has_held ? 0 : caller->failures + 1;
  const auto doublings =
      std::min<std::uint64_t>(std::max<std::uint64_t>(caller->failures, 1) - 1, 6);
  const auto pause = std::min(kPauseMin * (1 << doublings), kPauseMax);
  if (caller->failures <= 1 || caller->last_end != why) {
    logger_.warn("chaincode.called address={} reason={:?} again_in_ms={}", caller->target.address,
                 why, pause.count());
  }
  caller->call = 0;
  caller->last_end = why;
  caller->since = now.steady + pause;
}

void DialledChaincodes::on_timer(Now now) {
  for (auto& [name, entry] : entries_) {
    for (Caller& caller : entry.callers) {
      if (caller.call == 0 && caller.since <= now.steady) call(now, entry, caller);
    }
  }
}

std::optional<SteadyTime> DialledChaincodes::next_deadline() const {
  std::optional<SteadyTime> next;
  for (const auto& [name, entry] : entries_) {
    for (const Caller& caller : entry.callers) {
      if (caller.call == 0) next = earlier(next, caller.since);
    }
  }
  return next;
}

std::vector<DialledChaincodes::Status> DialledChaincodes::report() const {
  std::vector<Status> report;
  for (const auto& [name, entry] : entries_) {
    Status& status = report.emplace_back(Status{name, entry.service.package_id, {}});
    for (const Caller& caller : entry.callers) {
      status.processes.push_back(
          {caller.target.address, caller.call != 0, caller.failures, caller.last_end});
    }
  }
  return report;
}

}  // namespace ccbus::bridge
