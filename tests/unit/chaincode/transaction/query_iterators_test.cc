#include "service/chaincode/transaction/query_iterators.h"

#include <catch2/catch.hpp>
#include <set>

namespace ccbus::chaincode {
namespace {

using Sizes = std::vector<int>;

// Counts what was done with the results of a query.
struct Fate {
  int bookmarks = 0;
  int closed = 0;
};

// "r0", "r1" and so on; the `fails_at`-th call, counted from 1, fails.
class CountedResults final : public QueryResults {
 public:
  CountedResults(int count, Fate& fate, int fails_at = 0)
      : count_(count), fails_at_(fails_at), fate_(fate) {}
  ~CountedResults() override { ++fate_.closed; }

  Result<std::optional<std::string>> next() override {
    if (++calls_ == fails_at_) return fail(ErrorCode::kInvalid, "next-failed");
    if (calls_ > count_) return std::nullopt;
    return "r" + std::to_string(calls_ - 1);
  }
  Result<std::string> bookmark() override {
    ++fate_.bookmarks;
    return std::string("go on here");
  }

 private:
  const int count_;
  const int fails_at_;
  Fate& fate_;
  int calls_ = 0;
};

RequestLimits limits(std::size_t batch, std::uint32_t total) {
  RequestLimits made;
  made.results_per_page = batch;
  made.results_per_query = total;
  return made;
}

// The queries of a transaction, as the requests use them.
class Queries {
 public:
  using Response = Result<protos::QueryResponse>;

  Response open(std::unique_ptr<QueryResults> results, const RequestLimits& limits) {
    auto query = iterators_.open(std::move(results), limits);
    if (!query) return unexpected(query.error());
    return batch(**query, limits);
  }
  Response next(const std::string& id, const RequestLimits& limits) {
    const auto query = iterators_.find(id);
    if (query == nullptr) return fail(ErrorCode::kNotFound, "query iterator not found");
    return batch(*query, limits);
  }
  Response page(std::unique_ptr<QueryResults> results, std::uint32_t size,
                const RequestLimits& limits) {
    return whole(iterators_.open_page(std::move(results))->page(size, limits, kUnlimited));
  }
  protos::QueryResponse close(const std::string& id) { return iterators_.close(id); }

 private:
  Response batch(OpenQuery& query, const RequestLimits& limits) {
    auto response = query.next_batch(limits, kUnlimited);
    iterators_.settle(query);
    return whole(std::move(response));
  }

  static Response whole(Result<std::optional<protos::QueryResponse>> response) {
    if (!response) return unexpected(response.error());
    REQUIRE(*response);
    return std::move(**response);
  }

  static constexpr AnswerBudget kUnlimited{SIZE_MAX, SIZE_MAX};

  QueryIterators iterators_;
};

// The sizes of all batches; each but the last says that there is more. Results come in order.
Sizes batches(int count, const RequestLimits& limits) {
  Queries iterators;
  Fate fate;
  Sizes sizes;
  int results = 0;
  auto response = iterators.open(std::make_unique<CountedResults>(count, fate), limits);
  for (;;) {
    REQUIRE(response);
    sizes.push_back(response->results_size());
    for (const auto& result : response->results()) {
      CHECK(result.resultbytes() == "r" + std::to_string(results++));
    }
    if (!response->has_more()) break;
    CHECK(fate.closed == 0);
    response = iterators.next(response->id(), limits);
  }
  CHECK(fate.closed == 1);
  CHECK(fate.bookmarks == 0);
  CHECK(iterators.next(response->id(), limits).error().message == "query iterator not found");
  return sizes;
}

Sizes tens(int count, int last) {
  Sizes sizes(static_cast<std::size_t>(count), 10);
  sizes.push_back(last);
  return sizes;
}

TEST_CASE("a query of no more than one batch is one response", "[chaincode][row-96]") {
  for (const int count : {0, 1, 8, 9, 10}) CHECK(batches(count, limits(10, 103)) == Sizes{count});
}

TEST_CASE("a query of two batches has the rest in the second", "[chaincode][row-97][row-52]") {
  CHECK(batches(11, limits(10, 103)) == Sizes{10, 1});
  CHECK(batches(12, limits(10, 103)) == Sizes{10, 2});
  CHECK(batches(15, limits(10, 103)) == Sizes{10, 5});
  CHECK(batches(20, limits(10, 103)) == Sizes{10, 10});
}

TEST_CASE("a query ends at the limit of its results, without an error", "[chaincode][row-98]") {
  CHECK(batches(98, limits(10, 103)) == tens(9, 8));
  CHECK(batches(99, limits(10, 103)) == tens(9, 9));
  CHECK(batches(100, limits(10, 103)) == tens(9, 10));
  CHECK(batches(101, limits(10, 103)) == tens(10, 1));
  CHECK(batches(102, limits(10, 103)) == tens(10, 2));
  CHECK(batches(103, limits(10, 103)) == tens(10, 3));
  CHECK(batches(105, limits(10, 103)) == tens(10, 3));
}

TEST_CASE("a limit below, at and above the size of a batch ends the query there",
          "[chaincode][row-99]") {
  CHECK(batches(10, limits(4, 5)) == Sizes{4, 1});
  CHECK(batches(10, limits(5, 5)) == Sizes{5});
  CHECK(batches(10, limits(6, 5)) == Sizes{5});
}

TEST_CASE("a page is one response, and its bookmark is read once",
          "[chaincode][row-100][row-101]") {
  struct Case {
    int count;
    std::uint32_t total;
    int size;
  };
  for (const Case& c :
       {Case{0, 103, 0}, Case{1, 103, 1}, Case{10, 103, 10}, Case{11, 103, 11}, Case{102, 103, 102},
        Case{103, 103, 103}, Case{104, 103, 103}, Case{10, 5, 5}}) {
    INFO(c.count << " results, limit " << c.total);
    Queries iterators;
    Fate fate;
    const auto page =
        iterators.page(std::make_unique<CountedResults>(c.count, fate), 0, limits(10, c.total));
    REQUIRE(page);
    CHECK(page->results_size() == c.size);
    CHECK_FALSE(page->has_more());
    CHECK(fate.bookmarks == 1);
    protos::QueryResponseMetadata metadata;
    REQUIRE(metadata.ParseFromString(page->metadata()));
    CHECK(metadata.fetched_records_count() == c.size);
    CHECK(metadata.bookmark() == "go on here");
    CHECK_FALSE(iterators.next(page->id(), limits(10, c.total)));
  }
}

TEST_CASE("a query that fails gives no response and is closed once",
          "[chaincode][row-91][row-102]") {
  for (const int fails_at : {1, 2, 3, 4}) {
    INFO(fails_at);
    Queries iterators;
    Fate fate;
    const auto opened =
        iterators.open(std::make_unique<CountedResults>(9, fate, fails_at), limits(3, 103));
    REQUIRE_FALSE(opened);
    CHECK(opened.error().message == "next-failed");
    CHECK(fate.closed == 1);
    CHECK_FALSE(iterators.next("1", limits(3, 103)));
  }
  Queries iterators;
  Fate fate;
  const auto first = iterators.open(std::make_unique<CountedResults>(9, fate, 6), limits(3, 103));
  REQUIRE(first);
  CHECK(fate.closed == 0);
  CHECK(iterators.next(first->id(), limits(3, 103)).error().message == "next-failed");
  CHECK(fate.closed == 1);
  CHECK(iterators.next(first->id(), limits(3, 103)).error().message == "query iterator not found");

  auto paged = std::make_unique<CountedResults>(9, fate, 2);
  CHECK(iterators.page(std::move(paged), 5, limits(3, 103)).error().message == "next-failed");
  CHECK(fate.bookmarks == 0);
}

TEST_CASE("an open query keeps what it has read ahead until it is closed", "[chaincode][row-49]") {
  Queries iterators;
  Fate fate;
  const auto opened = iterators.open(std::make_unique<CountedResults>(9, fate), limits(3, 103));
  REQUIRE(opened);
  CHECK(iterators.next(opened->id(), limits(3, 103))->results_size() == 3);
  CHECK(fate.closed == 0);
  const auto closed = iterators.close(opened->id());
  CHECK(closed.id() == opened->id());
  CHECK_FALSE(closed.has_more());
  CHECK(fate.closed == 1);
  CHECK_FALSE(iterators.next(opened->id(), limits(3, 103)));
  CHECK(iterators.close(opened->id()).id() == opened->id());
  CHECK(fate.closed == 1);
}

TEST_CASE("all open queries of a transaction are closed with it", "[chaincode][row-48]") {
  Fate fate;
  {
    Queries iterators;
    std::vector<std::string> ids;
    for (int i = 0; i < 3; ++i) {
      ids.push_back(
          iterators.open(std::make_unique<CountedResults>(9, fate), limits(3, 103))->id());
    }
    CHECK(std::set<std::string>(ids.begin(), ids.end()).size() == 3);
    CHECK(fate.closed == 0);
    iterators = {};
    CHECK(fate.closed == 3);
    CHECK_FALSE(iterators.next(ids[0], limits(3, 103)));
  }
  CHECK(fate.closed == 3);
}

}  // namespace
}  // namespace ccbus::chaincode
