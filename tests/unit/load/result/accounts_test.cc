#include "service/load/result/accounts.h"

#include <catch2/catch.hpp>

using namespace ccbus;
using namespace ccbus::load;

namespace {

StatusResponse counters(std::uint64_t requests, std::uint64_t valid, std::uint64_t invalid,
                        std::uint64_t served, std::uint64_t look_ups = 0) {
  StatusResponse status;
  auto& all = *status.mutable_counters();
  all["gateway_requests"] = requests;
  all["gateway_look_ups"] = look_ups;
  all["ledger_transactions_valid"] = valid;
  all["ledger_transactions_invalid"] = invalid;
  all["chaincode_shim_requests_completed"] = served;
  return status;
}

// 10 submits of which 7 were committed and 3 met a conflict; 20 requests of dealers.
struct Books {
  Ledgers ledgers{counters(100, 50, 5, 1'000), counters(110, 57, 8, 1'020), 10};
  Totals invokes{10, 7, 2, 1, 0, {}, 0};
  Totals round_trips{20, 20, 0, 0, 0, {}, 0};

  [[nodiscard]] Accounts check() const {
    return check_accounts(ledgers, invokes, invokes, round_trips);
  }
};

}  // namespace

TEST_CASE("books that agree have no discrepancies", "[load]") {
  const Accounts accounts = Books().check();
  CHECK(accounts.discrepancies.empty());
  CHECK_FALSE(accounts.is_shared);
}

TEST_CASE("a committed transaction that the ledger does not know is found", "[load]") {
  Books books;
  books.invokes.sent = 11;
  books.invokes.succeeded = 8;
  CHECK(books.check().discrepancies ==
        std::vector<std::string>{"valid transactions: 7 by the ledger, 8 here"});
}

TEST_CASE("an operation that is nowhere is found", "[load]") {
  Books books;
  books.invokes.sent = 12;
  CHECK(books.check().discrepancies ==
        std::vector<std::string>{"operations: 12 were sent, 10 ended or are unanswered"});
}

TEST_CASE("a conflict and a round trip too many are found", "[load]") {
  Books books;
  books.ledgers.after = counters(110, 57, 9, 1'021);
  CHECK(books.check().discrepancies ==
        std::vector<std::string>{"invalid transactions: 4 by the ledger, 3 here",
                                 "requests of the dealers: 21 by the service, 20 here"});
}

TEST_CASE("requests that only read do not count as use by others", "[load]") {
  Books books;
  books.ledgers.after = counters(150, 57, 8, 1'020, 40);
  CHECK_FALSE(books.check().is_shared);
  books.ledgers.after = counters(151, 57, 8, 1'020, 40);
  CHECK(books.check().is_shared);
}

TEST_CASE("where others invoke something, too, the service's counters are not compared", "[load]") {
  Books books;
  books.ledgers.after = counters(150, 90, 9, 2'000);
  CHECK(books.check().is_shared);
  CHECK(books.check().discrepancies.empty());
}

TEST_CASE("growth of a counter that an older service has not is nothing", "[load]") {
  CHECK(growth(counters(1, 2, 3, 4), counters(1, 9, 3, 4), "ledger_transactions_valid") == 7);
  CHECK(growth(counters(1, 2, 3, 4), counters(1, 9, 3, 4), "no_such_counter") == 0);
}
