#include "service/ordering/embedded_log.h"

#include <catch2/catch.hpp>
#include <future>
#include <string>
#include <vector>

using namespace ccbus;
using namespace ccbus::ordering;

namespace {

using Kind = BatchSource::Next::Kind;
using Wait = BatchSource::Wait;

void broadcast(EmbeddedLog& log, int first, int end) {
  for (int i = first; i < end; ++i) {
    const PeerId client{static_cast<std::uint64_t>(i)};  // Each is of a client of its own.
    REQUIRE(log.broadcast({TxId{std::to_string(i)}, "envelope", {}, {}, client}));
  }
}

// What the committer gets until there is nothing more.
struct Taken {
  std::vector<std::size_t> sizes;
  std::vector<std::string> ids;
  std::vector<std::uint64_t> positions;
  Kind last = Kind::kBatch;

  void take(EmbeddedLog& log) {
    for (;;) {
      const auto next = log.next(Wait::kNo);
      last = next.kind;
      if (next.kind != Kind::kBatch) return;
      sizes.push_back(next.batch.envelopes.size());
      positions.push_back(next.batch.position.value);
      for (const auto& envelope : next.batch.envelopes) ids.push_back(envelope.tx_id.value);
    }
  }
};

Taken all_of(EmbeddedLog& log) {
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
  EmbeddedLog log(Limits(), {});
  broadcast(log, 0, 1);
  CHECK(log.next(Wait::kYes).batch.envelopes.size() == 1);
  broadcast(log, 1, 2);
  CHECK(log.next(Wait::kNo).batch.envelopes.size() == 1);
}

TEST_CASE("what arrives during a commit makes the next blocks, in order and up to the limit",
          "[ordering]") {
  Limits limits;
  limits.block_transactions_max = 4;
  EmbeddedLog log(limits, {});
  broadcast(log, 0, 1);
  Taken taken;
  taken.take(log);
  broadcast(log, 1, 11);
  CHECK(log.waiting() == 10);
  CHECK(log.next(Wait::kNo).batch.envelopes.size() == 4);
  CHECK(log.waiting() == 6);
  broadcast(log, 11, 13);  // They fill up the last batch.
  taken.take(log);
  CHECK(taken.sizes == std::vector<std::size_t>{1, 4, 4});
  CHECK(log.waiting() == 0);
}

TEST_CASE("every envelope that was taken is given out once, in the order of arrival",
          "[ordering]") {
  Limits limits;
  limits.block_transactions_max = 7;
  EmbeddedLog log(limits, {});
  auto sent = std::async(std::launch::async, [&log] {
    broadcast(log, 0, 1000);
    log.stop();
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
    EmbeddedLog log(limits, {});
    broadcast(log, 0, 5);
    CHECK(all_of(log).positions == std::vector<std::uint64_t>{1, 2, 3});
  }
  SECTION("from where the ledger is after a restart") {
    EmbeddedLog log(limits, {41});
    broadcast(log, 0, 3);
    CHECK(all_of(log).positions == std::vector<std::uint64_t>{42, 43});
  }
}

TEST_CASE("a full queue refuses by name and number, and takes again when there is room",
          "[ordering]") {
  Limits limits;
  limits.ordering_queue_max = 3;
  EmbeddedLog log(limits, {});
  broadcast(log, 0, 3);
  const auto refused = log.broadcast({TxId{"3"}, "envelope", {}, {}, PeerId{3}});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::kExhausted);
  CHECK(refused.error().message == "orderer.queue is reached: 3 transactions wait for a block");
  Taken taken;
  taken.take(log);
  broadcast(log, 3, 4);
  taken.take(log);
  CHECK(taken.ids == numbers_up_to(4));
}

TEST_CASE("one client gets half of the queue, and another one always gets in", "[ordering]") {
  Limits limits;
  limits.ordering_queue_max = 10;
  EmbeddedLog log(limits, {});
  const auto broadcast_of = [&log](std::uint64_t client) {
    return log.broadcast({TxId{"tx"}, "envelope", {}, {}, PeerId{client}});
  };
  for (int i = 0; i < 5; ++i) REQUIRE(broadcast_of(1));
  const auto refused = broadcast_of(1);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message ==
        "5 transactions of the client wait for a block, and there is room for only 5 more "
        "(orderer.queue)");
  CHECK(broadcast_of(2));
  Taken taken;
  taken.take(log);
  CHECK(broadcast_of(1));
}

TEST_CASE("waiting envelopes are bounded in bytes, too, with their private data", "[ordering]") {
  Limits limits;
  limits.ordering_queue_bytes_max = 100;
  EmbeddedLog log(limits, {});
  REQUIRE(log.broadcast({TxId{"0"}, std::string(30, 'm'), std::string(40, 'p')}));
  const auto refused = log.broadcast({TxId{"1"}, std::string(10, 'm'), std::string(21, 'p')});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::kExhausted);
  CHECK(refused.error().message ==
        "orderer.queueBytes is reached: 70 bytes wait for a block, and the limit is 100");
  REQUIRE(log.broadcast({TxId{"2"}, std::string(30, 'm'), {}, {}, PeerId{2}}));
  Taken taken;
  taken.take(log);
  CHECK(log.broadcast({TxId{"3"}, std::string(100, 'm')}));
}

TEST_CASE("an envelope that is larger than a block may be is refused", "[ordering]") {
  Limits limits;
  limits.block_bytes_max = 100;
  EmbeddedLog log(limits, {});
  const auto refused = log.broadcast({TxId{"tx"}, std::string(101, 'm')});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::kInvalid);
  CHECK(refused.error().message ==
        "message payload is 101 bytes and exceeds maximum allowed 100 bytes");
  CHECK(log.broadcast({TxId{"tx"}, std::string(100, 'm')}));
  const auto with_private = log.broadcast({TxId{"tx"}, std::string(60, 'm'), std::string(41, 'p')});
  REQUIRE_FALSE(with_private);
  CHECK(with_private.error().message ==
        "message payload with private data is 101 bytes and exceeds maximum allowed 100 bytes");
}

TEST_CASE("a log that is stopped gives out what it took, refuses the rest and ends", "[ordering]") {
  EmbeddedLog log(Limits(), {});
  broadcast(log, 0, 700);
  CHECK(log.waiting() == 700);
  log.stop();
  log.stop();
  const auto late = log.broadcast({TxId{"late"}, "envelope"});
  REQUIRE_FALSE(late);
  CHECK(late.error().code == ErrorCode::kPrecondition);
  const Taken taken = all_of(log);
  CHECK(taken.sizes == std::vector<std::size_t>{500, 200});
  CHECK(taken.last == Kind::kEnded);
  CHECK(log.next(Wait::kYes).kind == Kind::kEnded);
}

TEST_CASE("an empty log says so, or waits when it is told to", "[ordering]") {
  EmbeddedLog log(Limits(), {});
  CHECK(log.next(Wait::kNo).kind == Kind::kNothingYet);
  auto waiting = std::async(std::launch::async, [&log] { return log.next(Wait::kYes); });
  SECTION("for an envelope") {
    broadcast(log, 0, 1);
    CHECK(waiting.get().batch.envelopes.size() == 1);
  }
  SECTION("for the end") {
    log.stop();
    CHECK(waiting.get().kind == Kind::kEnded);
  }
}
