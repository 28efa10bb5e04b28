#include "service/ledger/simulate/range_iterator.h"

#include <utility>

#include "service/ledger/simulate/simulator.h"

namespace ccbus::ledger {

RangeIterator::RangeIterator(TxSimulator& simulator, std::shared_ptr<const StateView> view,
                             std::unique_ptr<StateCursor> cursor, RangeQueryRecorder* recorder,
                             std::uint32_t page_size)
    : simulator_(simulator),
      view_(std::move(view)),
      cursor_(std::move(cursor)),
      recorder_(recorder),
      page_size_(page_size) {
  ++simulator_.open_iterators_;
}

RangeIterator::~RangeIterator() {
  --simulator_.open_iterators_;
}

Result<std::optional<KeyValue>> RangeIterator::next() {
  if (auto open = simulator_.check_open(); !open) return unexpected(open.error());
  // A full page says nothing about what follows it: the range is not exhausted.
  const bool page_is_full = page_size_ != 0 && returned_ == page_size_;
  if (finished_ || page_is_full) return std::nullopt;
  auto entry = cursor_->next();
  if (!entry) return unexpected(entry.error());
  if (!*entry) {
    finished_ = true;
    if (recorder_ != nullptr) recorder_->exhausted();
    return std::nullopt;
  }
  const StateEntry& found = **entry;
  if (recorder_ != nullptr) {
    if (auto counted = simulator_.count(recorder_->add(found.key, found.version)); !counted)
      return unexpected(counted.error());
  }
  ++returned_;
  return KeyValue{std::string(found.key), std::string(found.value), found.version};
}

Result<std::string> RangeIterator::bookmark() {
  if (auto open = simulator_.check_open(); !open) return unexpected(open.error());
  if (finished_) return std::string();
  finished_ = true;
  auto entry = cursor_->next();
  if (!entry) return unexpected(entry.error());
  return *entry ? std::string((*entry)->key) : std::string();
}

}  // namespace ccbus::ledger
