#include "service/ledger/query/rich_query.h"

#include <algorithm>
#include <utility>

#include "service/base/gojson/encode.h"
#include "service/ledger/query/mango/bookmark.h"
#include "service/ledger/query/mango/json.h"
#include "service/ledger/query/mango/plan.h"
#include "service/ledger/query/mango/query.h"
#include "service/ledger/query/query_candidates.h"
#include "service/ledger/query/sorted_results.h"

namespace ccbus::ledger {
namespace {

using mango::Bookmark;
using mango::Document;
using mango::Index;
using mango::Plan;
using mango::Query;

unexpected<Error> no_such_page() {
  return mango::couch_error("invalid_bookmark",
                            "Invalid bookmark value: it belongs to another query or an index that "
                            "is gone");
}

// Where a page goes on, the plan is the one that the page before had, whatever was built since.
Result<Plan> plan_for(const Query& query, const std::vector<Index>& indexes,
                      const std::optional<Bookmark>& bookmark) {
  auto plan = mango::make_plan(query, indexes);
  if (!plan || !bookmark) return plan;
  if (!bookmark->index_id.empty()) {
    const auto index = std::find_if(indexes.begin(), indexes.end(), [&bookmark](const Index& one) {
      return one.id == bookmark->index_id;
    });
    auto resumed = index == indexes.end() ? std::nullopt : mango::plan_with(query, *index);
    if (!resumed) return no_such_page();
    return std::move(*resumed);
  }
  Plan scan = mango::scan_plan(query);
  if (plan->index != nullptr) {
    scan.filter = plan->index->partial_filter;
  } else {
    scan.filter = plan->filter;
  }
  if (scan.is_sorted != bookmark->sort_key.empty()) return no_such_page();
  return scan;
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
  Result<std::optional<Candidate>> next_candidate(QueryProgress& progress, Document& document) {
    for (;;) {
      auto candidate = candidates_->next();
      if (!candidate) return unexpected(candidate.error());
      if (!*candidate) return std::nullopt;
      if (auto counted = count_document(progress); !counted) return unexpected(counted.error());
      auto parsed = mango::read_document((*candidate)->value);
      if (!parsed || !matches((*candidate)->key, parsed->content)) continue;
      document = std::move(*parsed);
      return candidate;
    }
  }

  bool matches(std::string_view key, const mango::Json& document) const {
    return query_.selector.matches(key, document) &&
           (!plan_.filter || plan_.filter->matches(key, document));
  }

  Found found_of(const Candidate& candidate, const Document& document) const {
    return {std::string(candidate.key), result_of(candidate, document), candidate.version};
  }

  // The value as it was stored, unless queries see another text in it.
  std::string result_of(const Candidate& candidate, const Document& document) const {
    if (query_.fields) return mango::project(document.content, *query_.fields);
    if (document.has_replacements) return gojson::encode(document.content);
    return std::string(candidate.value);
  }

  Result<std::optional<Match>> next_match(QueryProgress& progress) {
    Document document;
    auto candidate = next_candidate(progress, document);
    if (!candidate) return unexpected(candidate.error());
    if (!*candidate) return std::nullopt;
    return Match{std::string((*candidate)->sort_key), found_of(**candidate, document)};
  }

  Result<void> sort_all(QueryProgress& progress) {
    std::optional<std::uint64_t> wanted;
    if (to_give_) wanted = *to_give_ + std::min(to_skip_, SortedResults::kCountMax);
    SortedResults sorted(query_.is_descending, wanted);
    Document document;
    for (;;) {
      auto candidate = next_candidate(progress, document);
      if (!candidate) return unexpected(candidate.error());
      if (!*candidate) break;
      // As with an index, a document without the fields of the sort is no result.
      auto bytes = mango::sort_key(query_.sort, (*candidate)->key, document.content);
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
    Document document;
    if (auto parsed = mango::read_document((*stored)->value)) document = std::move(*parsed);
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

Result<std::vector<Index>> defined_indexes(const StateView& view, const RichQueryRequest& request) {
  std::vector<Index> indexes;
  if (request.indexes.empty()) return indexes;
  auto complete = view.complete_indexes(request.ns);
  if (!complete) return unexpected(complete.error());
  for (const ccbus::IndexConfig& config : request.indexes) {
    auto index = Index::of(config);
    if (!index) continue;
    index->is_complete =
        std::find(complete->begin(), complete->end(), index->id) != complete->end();
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
  auto indexes = defined_indexes(*view, request);
  if (!indexes) return unexpected(indexes.error());
  // Fabric puts its own limit in the place of the query's, and goes on until it has all results.
  std::optional<std::uint64_t> limit;
  if (request.paginated && request.page_size != 0) limit = request.page_size;
  auto opened =
      std::make_unique<OpenedQuery>(std::move(view), std::move(request.ns), std::move(*query),
                                    std::move(*indexes), std::move(*bookmark), limit);
  if (auto started = opened->start(); !started) return unexpected(started.error());
  return opened;
}

}  // namespace ccbus::ledger
