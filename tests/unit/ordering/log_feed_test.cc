#include "service/ordering/log_feed.h"

#include <catch2/catch.hpp>
#include <future>
#include <string>
#include <vector>

#include "tests/support/embedded_feed.h"

using namespace ccbus;
using namespace ccbus::ordering;

namespace {

using Kind = BatchSource::Next::Kind;
using test::EmbeddedFeed;

void broadcast(EmbeddedFeed& log, int first, int end) {
  for (int i = first; i < end; ++i) {
    const PeerId client{static_cast<std::uint64_t>(i)};  // Each is of a client of its own.
    REQUIRE(log.queue.broadcast({TxId{std::to_string(i)}, "envelope", {}, {}, client}));
  }
}

// What the committer gets until there is nothing more.
struct Taken {
  std::vector<std::size_t> sizes;
  std::vector<std::string> ids;
  std::vector<std::uint64_t> positions;
  Kind last = Kind::kBatch;

  void take(EmbeddedFeed& log) {
    for (;;) {
      const auto next = log.feed.next(BatchSource::kNoWait);
      last = next.kind;
      if (next.kind != Kind::kBatch) return;
      sizes.push_back(next.batch.envelopes.size());
      positions.push_back(next.batch.position.value);
      for (const auto& envelope : next.batch.envelopes) ids.push_back(envelope.tx_id.value);
    }
  }
};

Taken all_of(EmbeddedFeed& log) {
  Taken taken;
  taken.take(log);
  return taken;
}

std::vector<std::string> numbers_up_to(int end) {
  std::vector<std::string> numbers;
  for (int i = 0; i < end; ++i) numbers.push_back(std::to_string(i));
  return numbers;
}

}  // namespace

TEST_CASE("a lone transaction is a block of its own at once", "[ordering]") {
  EmbeddedFeed log;
  broadcast(log, 0, 1);
  CHECK(log.feed.next(BatchSource::kForever).batch.envelopes.size() == 1);
  broadcast(log, 1, 2);
  CHECK(log.feed.next(BatchSource::kNoWait).batch.envelopes.size() == 1);
}

TEST_CASE("what arrives during a commit makes the next blocks, in order and up to the limit",
          "[ordering]") {
  Limits limits;
  limits.block_transactions_max = 4;
  EmbeddedFeed log(limits);
  broadcast(log, 0, 1);
  Taken taken;
  taken.take(log);
  broadcast(log, 1, 11);
  CHECK(log.queue.waiting() == 10);
  CHECK(log.feed.next(BatchSource::kNoWait).batch.envelopes.size() == 4);
  CHECK(log.queue.waiting() == 6);
  broadcast(log, 11, 13);  // They fill up the last batch.
  taken.take(log);
  CHECK(taken.sizes == std::vector<std::size_t>{1, 4, 4});
  CHECK(log.queue.waiting() == 0);
}

TEST_CASE("every envelope that was taken is given out once, in the order of arrival",
          "[ordering]") {
  Limits limits;
  limits.block_transactions_max = 7;
  EmbeddedFeed log(limits);
  auto sent = std::async(std::launch::async, [&log] {
    broadcast(log, 0, 1000);
    log.feed.stop();
  });
  Taken taken;
  while (taken.last != Kind::kEnded) taken.take(log);
  sent.get();
  CHECK(taken.ids == numbers_up_to(1000));
}

TEST_CASE("a batch has the position that follows the one before", "[ordering]") {
  Limits limits;
  limits.block_transactions_max = 2;
  SECTION("from one on in a new channel") {
    EmbeddedFeed log(limits);
    broadcast(log, 0, 5);
    CHECK(all_of(log).positions == std::vector<std::uint64_t>{1, 2, 3});
  }
  SECTION("from where the ledger is after a restart") {
    EmbeddedFeed log(limits, {41});
    broadcast(log, 0, 3);
    CHECK(all_of(log).positions == std::vector<std::uint64_t>{42, 43});
  }
}

TEST_CASE("a log that is stopped gives out what it took, refuses the rest and ends", "[ordering]") {
  EmbeddedFeed log;
  broadcast(log, 0, 700);
  CHECK(log.queue.waiting() == 700);
  log.feed.stop();
  log.feed.stop();
  const auto late = log.queue.broadcast({TxId{"late"}, "envelope"});
  REQUIRE_FALSE(late);
  CHECK(late.error().code == ErrorCode::kPrecondition);
  const Taken taken = all_of(log);
  CHECK(taken.sizes == std::vector<std::size_t>{500, 200});
  CHECK(taken.last == Kind::kEnded);
  CHECK(log.feed.next(BatchSource::kForever).kind == Kind::kEnded);
}

TEST_CASE("an empty log says so, or waits when it is told to", "[ordering]") {
  EmbeddedFeed log;
  CHECK(log.feed.next(BatchSource::kNoWait).kind == Kind::kNothingYet);
  auto waiting =
      std::async(std::launch::async, [&log] { return log.feed.next(BatchSource::kForever); });
  SECTION("for an envelope") {
    broadcast(log, 0, 1);
    CHECK(waiting.get().batch.envelopes.size() == 1);
  }
  SECTION("for the end") {
    log.feed.stop();
    CHECK(waiting.get().kind == Kind::kEnded);
  }
}
