#include "service/gateway/events/scan_group.h"

#include <algorithm>
#include <string>

namespace ccbus::gateway {

bool ScanGroup::wants(const Member& member, std::uint64_t block) {
  return !member.failure && member.scan->next() == block && !member.scan->is_full();
}

void ScanGroup::run(const Bounds& bounds) {
  if (members_.empty()) return;
  const std::uint64_t height = ledger_->height();
  std::uint64_t number = members_.front().scan->next();
  Used used;
  for (int blocks = 0; blocks < bounds.blocks && number < height; ++blocks, ++number) {
    if (!show(number, bounds, used)) return;
  }
}

bool ScanGroup::show(std::uint64_t number, const Bounds& bounds, Used& used) {
  const auto wants_it = [number](const Member& member) { return wants(member, number); };
  if (std::ranges::none_of(members_, wants_it)) return false;
  auto read = ledger_->block(number);
  if (!read) {
    fail_all_at(number, read.error());
    return false;
  }
  if (!*read) {
    fail_all_at(number, {ErrorCode::kCorrupt, "block " + std::to_string(number) + " is missing"});
    return false;
  }
  ScannedBlock block(std::move(**read), *ledger_);
  for (Member& member : members_) {
    if (!wants_it(member)) continue;
    if (used.steps >= bounds.steps || used.bytes >= bounds.bytes) return false;
    const std::size_t before = member.scan->bytes();
    if (auto added = member.scan->add(block); !added) member.failure = added.error();
    used.bytes += member.scan->bytes() - before;
    ++used.steps;
  }
  return true;
}

void ScanGroup::fail_all_at(std::uint64_t block, const Error& why) {
  for (Member& member : members_) {
    if (wants(member, block)) member.failure = why;
  }
}

}  // namespace ccbus::gateway
