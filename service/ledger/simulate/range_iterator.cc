#include "service/ledger/simulate/range_iterator.h"

#include <utility>

namespace ccbus::ledger {

RangeIterator::RangeIterator(Done done, std::shared_ptr<const StateView> view,
                             std::unique_ptr<StateCursor> cursor,
                             std::shared_ptr<RangeQueryRecorder> recorder, std::uint32_t page_size)
    : done_(std::move(done)),
      view_(std::move(view)),
      cursor_(std::move(cursor)),
      recorder_(std::move(recorder)),
      page_size_(page_size) {}

Result<void> RangeIterator::check_open() const {
  if (done_->load(std::memory_order_relaxed))
    return fail(ErrorCode::kPrecondition, std::string(kUsedAfterDone));
  return {};
}

Result<std::optional<KeyValue>> RangeIterator::next() {
  if (auto open = check_open(); !open) return unexpected(open.error());
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
  if (recorder_ != nullptr) growth_ += recorder_->add(found.key, found.version);
  ++returned_;
  return KeyValue{std::string(found.key), std::string(found.value), found.version};
}

Result<std::string> RangeIterator::bookmark() {
  if (auto open = check_open(); !open) return unexpected(open.error());
  if (finished_) return std::string();
  finished_ = true;
  auto entry = cursor_->next();
  if (!entry) return unexpected(entry.error());
  return *entry ? std::string((*entry)->key) : std::string();
}

std::ptrdiff_t RangeIterator::take_growth() {
  return std::exchange(growth_, 0);
}

}  // namespace ccbus::ledger
