#include "service/ledger/query/query_candidates.h"

#include <algorithm>
#include <string>
#include <utility>

namespace ccbus::ledger {
namespace {

class AllDocuments final : public Candidates {
 public:
  explicit AllDocuments(std::unique_ptr<StateCursor> entries) : entries_(std::move(entries)) {}

  Result<std::optional<Candidate>> next() override {
    auto entry = entries_->next();
    if (!entry) return unexpected(entry.error());
    if (!*entry) return std::nullopt;
    return Candidate{{}, (*entry)->key, (*entry)->value, (*entry)->version};
  }

 private:
  const std::unique_ptr<StateCursor> entries_;
};

class IndexedDocuments final : public Candidates {
 public:
  IndexedDocuments(const StateView& view, std::string_view ns, std::unique_ptr<IndexCursor> entries)
      : view_(view), ns_(ns), entries_(std::move(entries)) {}

  Result<std::optional<Candidate>> next() override {
    auto entry = entries_->next();
    if (!entry) return unexpected(entry.error());
    if (!*entry) return std::nullopt;
    auto stored = view_.get(ns_, (*entry)->key);
    if (!stored) return unexpected(stored.error());
    if (!*stored) return fail(ErrorCode::kCorrupt, "an index names a document that is not there");
    document_ = std::move(**stored);
    return Candidate{(*entry)->sort_key, (*entry)->key, document_.value, document_.version};
  }

 private:
  const StateView& view_;
  const std::string ns_;
  const std::unique_ptr<IndexCursor> entries_;
  VersionedValue document_;
};

}  // namespace

Result<std::unique_ptr<Candidates>> open_candidates(const StateView& view, std::string_view ns,
                                                    const mango::Plan& plan,
                                                    const std::optional<mango::Bookmark>& after) {
  if (plan.index == nullptr) {
    std::string start = plan.start;
    if (after) start = std::max(start, after->key + '\0');
    auto entries = view.range(ns, start, plan.end);
    if (!entries) return unexpected(entries.error());
    return std::make_unique<AllDocuments>(std::move(*entries));
  }
  IndexRange range{plan.start, plan.end, IndexRange::Direction::kForward};
  if (plan.is_reverse) range.direction = IndexRange::Direction::kReverse;
  if (after && plan.is_reverse) {
    const std::string last = after->sort_key + after->key;
    range.end = range.end.empty() ? last : std::min(range.end, last);
  } else if (after) {
    range.start = std::max(range.start, after->sort_key + after->key + '\0');
  }
  auto entries = view.index_range(ns, plan.index->id, range);
  if (!entries) return unexpected(entries.error());
  return std::make_unique<IndexedDocuments>(view, ns, std::move(*entries));
}

}  // namespace ccbus::ledger
