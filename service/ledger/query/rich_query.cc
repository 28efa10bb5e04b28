#include "service/ledger/query/rich_query.h"

#include <algorithm>
#include <utility>

#include "service/ledger/query/mango/bookmark.h"
#include "service/ledger/query/mango/json.h"
#include "service/ledger/query/mango/plan.h"
#include "service/ledger/query/mango/query.h"
#include "service/ledger/query/query_candidates.h"
#include "service/ledger/query/sorted_results.h"

namespace ccbus::ledger {
namespace {

using mango::Bookmark;
using mango::Index;
using mango::Plan;
using mango::Query;

// Where a page goes on, the plan is the one that the page before had, whatever was built since.
Result<Plan> plan_for(const Query& query, std::vector<Index>& indexes,
                      const std::optional<Bookmark>& bookmark) {
  if (!bookmark) return mango::make_plan(query, indexes);
  const bool is_in_memory = bookmark->index_id.empty() && !bookmark->sort_key.empty();
  if (!is_in_memory) {
    std::erase_if(indexes,
                  [&bookmark](const Index& index) { return index.id != bookmark->index_id; });
  }
  Plan plan = mango::make_plan(query, indexes);
  if (is_in_memory) {
    plan.is_sorted = false;
    plan.is_reverse = false;
  }
  const bool fits = is_in_memory
                        ? !query.sort.empty()
                        : plan.is_sorted && (plan.index != nullptr) == !bookmark->index_id.empty();
  if (!fits) {
    return mango::couch_error("invalid_bookmark",
                              "Invalid bookmark value: it belongs to another query or an index "
                              "that is gone");
  }
  return plan;
}

class OpenedQuery final : public RichQuery {
 public:
  OpenedQuery(std::shared_ptr<const StateView> view, std::string ns, Query query,
              std::vector<Index> indexes, std::optional<Bookmark> bookmark,
              std::optional<std::uint64_t> limit)
      : view_(std::move(view)),
        ns_(std::move(ns)),
        query_(std::move(query)),
        indexes_(std::move(indexes)),
        resumed_(std::move(bookmark)),
        to_skip_(query_.skip),
        to_give_(limit) {}

  Result<void> start() {
    auto plan = plan_for(query_, indexes_, resumed_);
    if (!plan) return unexpected(plan.error());
    plan_ = std::move(*plan);
    report_.advice = plan_.advice;
    if (plan_.index != nullptr) {
      report_.index = plan_.index->design_document + "/" + plan_.index->name;
    }
    auto candidates =
        open_candidates(*view_, ns_, plan_, plan_.is_sorted ? resumed_ : std::nullopt);
    if (!candidates) return unexpected(candidates.error());
    candidates_ = std::move(*candidates);
    return {};
  }

  Result<std::vector<Found>> fetch(std::size_t count_max, QueryProgress& progress) override {
    if (!plan_.is_sorted && !sorted_) {
      if (auto done = sort_all(progress); !done) return unexpected(done.error());
    }
    std::vector<Found> found;
    while (found.size() < count_max && to_give_.value_or(1) > 0) {
      auto more = sorted_ ? next_sorted() : next_match(progress);
      if (!more) return unexpected(more.error());
      if (!*more) break;
      if (to_skip_ > 0) {
        --to_skip_;
        continue;
      }
      if (to_give_) --*to_give_;
      last_ = Bookmark{plan_.is_sorted && plan_.index != nullptr ? plan_.index->id : std::string(),
                       std::move((*more)->sort_key), (*more)->found.key};
      found.push_back(std::move((*more)->found));
    }
    return found;
  }

  std::string bookmark() const override { return last_ ? last_->text() : "nil"; }
  Report report() const override { return report_; }

 private:
  struct Match {
    std::string sort_key;
    Found found;
  };

  static constexpr std::uint64_t kDocumentsBetweenLooks = 256;

  Result<void> count_document(QueryProgress& progress) {
    progress.documents.fetch_add(1, std::memory_order_relaxed);
    if (report_.documents_examined++ % kDocumentsBetweenLooks == 0 && progress.cancelled) {
      return fail(ErrorCode::kDeadline, "the query was cancelled");
    }
    return {};
  }

  // The next document that matches; `document` is what its value says.
  Result<std::optional<Candidate>> next_candidate(QueryProgress& progress, mango::Json& document) {
    for (;;) {
      auto candidate = candidates_->next();
      if (!candidate) return unexpected(candidate.error());
      if (!*candidate) return std::nullopt;
      if (auto counted = count_document(progress); !counted) return unexpected(counted.error());
      auto parsed = mango::parse_document((*candidate)->value);
      if (!parsed || !query_.selector.matches((*candidate)->key, *parsed)) continue;
      document = std::move(*parsed);
      return candidate;
    }
  }

  Found found_of(const Candidate& candidate, const mango::Json& document) const {
    return {std::string(candidate.key),
            query_.fields.empty() ? std::string(candidate.value)
                                  : mango::project(document, query_.fields),
            candidate.version};
  }

  Result<std::optional<Match>> next_match(QueryProgress& progress) {
    mango::Json document;
    auto candidate = next_candidate(progress, document);
    if (!candidate) return unexpected(candidate.error());
    if (!*candidate) return std::nullopt;
    return Match{std::string((*candidate)->sort_key), found_of(**candidate, document)};
  }

  Result<void> sort_all(QueryProgress& progress) {
    std::optional<std::uint64_t> wanted;
    if (to_give_) wanted = *to_give_ + std::min(to_skip_, SortedResults::kCountMax);
    SortedResults sorted(query_.is_descending, wanted);
    mango::Json document;
    for (;;) {
      auto candidate = next_candidate(progress, document);
      if (!candidate) return unexpected(candidate.error());
      if (!*candidate) break;
      // As with an index, a document without the fields of the sort is no result.
      auto bytes = mango::sort_key(query_.sort, (*candidate)->key, document);
      if (!bytes) continue;
      SortedResults::Entry entry{std::move(*bytes), std::string((*candidate)->key)};
      if (resumed_ && !sorted.is_after(entry, {resumed_->sort_key, resumed_->key})) continue;
      if (auto added = sorted.add(std::move(entry)); !added) return added;
    }
    sorted_ = std::move(sorted).take();
    return {};
  }

  Result<std::optional<Match>> next_sorted() {
    if (given_ == sorted_->size()) return std::nullopt;
    SortedResults::Entry& entry = (*sorted_)[given_++];
    auto stored = view_->get(ns_, entry.key);
    if (!stored) return unexpected(stored.error());
    if (!*stored) return fail(ErrorCode::kCorrupt, "a document left its view");
    mango::Json document;
    if (!query_.fields.empty()) {
      if (auto parsed = mango::parse_document((*stored)->value)) document = std::move(*parsed);
    }
    const Candidate candidate{{}, entry.key, (*stored)->value, (*stored)->version};
    return Match{std::move(entry.sort_key), found_of(candidate, document)};
  }

  // Set once, then read only.
  const std::shared_ptr<const StateView> view_;
  const std::string ns_;
  const Query query_;
  std::vector<Index> indexes_;
  const std::optional<Bookmark> resumed_;
  Plan plan_;

  std::unique_ptr<Candidates> candidates_;
  std::optional<std::vector<SortedResults::Entry>> sorted_;  // Where the plan gives no order.
  std::size_t given_ = 0;                                    // Of sorted_.
  std::uint64_t to_skip_;
  std::optional<std::uint64_t> to_give_;
  std::optional<Bookmark> last_;
  Report report_;
};

Result<std::vector<Index>> complete_indexes(const StateView& view,
                                            const RichQueryRequest& request) {
  std::vector<Index> indexes;
  if (request.indexes.empty()) return indexes;
  auto ids = view.complete_indexes(request.ns);
  if (!ids) return unexpected(ids.error());
  for (const ccbus::IndexConfig& config : request.indexes) {
    auto index = Index::of(config);
    if (!index || std::find(ids->begin(), ids->end(), index->id) == ids->end()) continue;
    indexes.push_back(std::move(*index));
  }
  return indexes;
}

}  // namespace

Result<std::unique_ptr<RichQuery>> RichQuery::open(std::shared_ptr<const StateView> view,
                                                   RichQueryRequest request) {
  auto query = Query::parse(request.query);
  if (!query) return unexpected(query.error());
  const bool has_own = request.paginated && !request.bookmark.empty();
  auto bookmark = Bookmark::parse(has_own ? request.bookmark : query->bookmark);
  if (!bookmark) return unexpected(bookmark.error());
  auto indexes = complete_indexes(*view, request);
  if (!indexes) return unexpected(indexes.error());
  // Fabric puts its page size in the place of the query's own limit.
  std::optional<std::uint64_t> limit = query->limit;
  if (request.paginated) {
    limit = std::nullopt;
    if (request.page_size != 0) limit = request.page_size;
  }
  auto opened =
      std::make_unique<OpenedQuery>(std::move(view), std::move(request.ns), std::move(*query),
                                    std::move(*indexes), std::move(*bookmark), limit);
  if (auto started = opened->start(); !started) return unexpected(started.error());
  return opened;
}

}  // namespace ccbus::ledger
