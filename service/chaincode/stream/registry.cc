#include "service/chaincode/stream/registry.h"

#include <utility>

#include "service/base/assert.h"

namespace ccbus::chaincode {

Result<void> Registry::add(std::string_view name, HandlerId handler) {
  auto pool = pools_.find(name);
  if (pool == pools_.end()) pool = pools_.emplace(std::string(name), Pool{}).first;
  if (duplicates_ == Duplicates::kReject && !pool->second.members.empty()) {
    return fail(ErrorCode::kExists, "duplicate chaincodeID: " + std::string(name));
  }
  // From here on remove() undoes what has been done, also after an exception.
  try {
    const bool added = entries_.emplace(handler, Entry{pool, Member{handler}}).second;
    CCBUS_ASSERT(added);
    pool->second.members.insert(handler);
  } catch (...) {
    if (!entries_.contains(handler) && pool->second.members.empty()) pools_.erase(pool);
    throw;
  }
  return {};
}

void Registry::set_ready(HandlerId handler) {
  const auto at = entries_.find(handler);
  CCBUS_ASSERT(at != entries_.end() && !at->second.member.ready);
  Entry& entry = at->second;
  entry.member.ready = true;
  entry.pool->second.ready.insert({entry.member.open, entry.member.started, handler});
}

void Registry::remove(HandlerId handler) {
  const auto at = entries_.find(handler);
  if (at == entries_.end()) return;
  const auto [pool, member] = at->second;
  pool->second.ready.erase({member.open, member.started, handler});
  pool->second.members.erase(handler);
  if (pool->second.members.empty()) pools_.erase(pool);
  entries_.erase(at);
}

void Registry::transaction_started(HandlerId handler) {
  const auto at = entries_.find(handler);
  CCBUS_ASSERT(at != entries_.end());
  rerank(at->second, at->second.member.open + 1, at->second.member.started + 1);
}

void Registry::transaction_ended(HandlerId handler) {
  const auto at = entries_.find(handler);
  if (at == entries_.end()) return;  // The stream has ended, and the entry was removed.
  CCBUS_ASSERT(at->second.member.open > 0);
  rerank(at->second, at->second.member.open - 1, at->second.member.started);
}

std::map<std::string, std::vector<Registry::Member>> Registry::pools() const {
  std::map<std::string, std::vector<Member>> all;
  for (const auto& [name, pool] : pools_) {
    auto& members = all[name];
    for (const HandlerId handler : pool.members) members.push_back(entries_.at(handler).member);
  }
  return all;
}

void Registry::rerank(Entry& entry, std::uint32_t open, std::uint64_t started) {
  Member& member = entry.member;
  auto& ready = entry.pool->second.ready;
  // The node is moved to its new place without an allocation.
  auto node = ready.extract(Rank{member.open, member.started, member.handler});
  member.open = open;
  member.started = started;
  if (!node) return;
  node.value() = Rank{open, started, member.handler};
  ready.insert(std::move(node));
}

}  // namespace ccbus::chaincode
