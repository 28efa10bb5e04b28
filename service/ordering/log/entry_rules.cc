#include "service/ordering/log/entry_rules.h"

#include <variant>

namespace ccbus::ordering {

EntryRules::Verdict EntryRules::judge(LogPosition at, const Entry& entry) {
  if (const auto* join = std::get_if<Join>(&entry.content)) {
    const auto known = rows_.find(entry.id.replica);
    const Row before = known == rows_.end() ? Row() : known->second;
    if (before.epoch != 0 && before.nonce == join->nonce) return Verdict::kDuplicate;
    if (before.epoch != join->previous_epoch) return Verdict::kFenced;
    rows_[entry.id.replica] = {at.value, 0, join->nonce};
    return Verdict::kApply;
  }
  const auto row = rows_.find(entry.id.replica);
  if (row == rows_.end() || entry.id.epoch != row->second.epoch) return Verdict::kFenced;
  if (entry.id.sequence <= row->second.sequence) return Verdict::kDuplicate;
  if (entry.id.sequence > row->second.sequence + 1) return Verdict::kGap;
  if (std::holds_alternative<Leave>(entry.content)) {
    rows_.erase(row);
  } else {
    ++row->second.sequence;
  }
  return Verdict::kApply;
}

}  // namespace ccbus::ordering
