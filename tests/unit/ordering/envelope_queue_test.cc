#include "service/ordering/envelope_queue.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <future>
#include <string>
#include <vector>

#include "tests/support/embedded_feed.h"

using namespace ccbus;
using namespace ccbus::ordering;
using test::EmbeddedFeed;

namespace {

void take_all(EmbeddedFeed& log) {
  while (log.feed.next(BatchSource::kNoWait).kind == BatchSource::Next::Kind::kBatch) {
  }
}

}  // namespace

TEST_CASE("a full queue refuses by name and number, and takes again when there is room",
          "[ordering]") {
  Limits limits;
  limits.ordering_queue_max = 3;
  EmbeddedFeed log(limits);
  for (std::uint64_t client = 0; client < 3; ++client) {
    REQUIRE(log.queue.broadcast({TxId{"tx"}, "envelope", {}, {}, PeerId{client}}));
  }
  const auto refused = log.queue.broadcast({TxId{"3"}, "envelope", {}, {}, PeerId{3}});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::kExhausted);
  CHECK(refused.error().message == "orderer.queue is reached: 3 transactions wait for a block");
  take_all(log);
  CHECK(log.queue.broadcast({TxId{"3"}, "envelope", {}, {}, PeerId{3}}));
}

TEST_CASE("one client gets half of the queue, and another one always gets in", "[ordering]") {
  Limits limits;
  limits.ordering_queue_max = 10;
  EmbeddedFeed log(limits);
  const auto broadcast_of = [&log](std::uint64_t client) {
    return log.queue.broadcast({TxId{"tx"}, "envelope", {}, {}, PeerId{client}});
  };
  for (int i = 0; i < 5; ++i) REQUIRE(broadcast_of(1));
  const auto refused = broadcast_of(1);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message ==
        "5 transactions of the client wait for a block, and there is room for only 5 more "
        "(orderer.queue)");
  CHECK(broadcast_of(2));
  take_all(log);
  CHECK(broadcast_of(1));
}

TEST_CASE("waiting envelopes are bounded in bytes, too, with their private data", "[ordering]") {
  Limits limits;
  limits.ordering_queue_bytes_max = 100;
  EmbeddedFeed log(limits);
  REQUIRE(log.queue.broadcast({TxId{"0"}, std::string(30, 'm'), std::string(40, 'p')}));
  const auto refused = log.queue.broadcast({TxId{"1"}, std::string(10, 'm'), std::string(21, 'p')});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::kExhausted);
  CHECK(refused.error().message ==
        "orderer.queueBytes is reached: 70 bytes wait for a block, and the limit is 100");
  REQUIRE(log.queue.broadcast({TxId{"2"}, std::string(30, 'm'), {}, {}, PeerId{2}}));
  take_all(log);
  CHECK(log.queue.broadcast({TxId{"3"}, std::string(100, 'm')}));
}

TEST_CASE("an envelope that is larger than a block may be is refused", "[ordering]") {
  Limits limits;
  limits.block_bytes_max = 100;
  EmbeddedFeed log(limits);
  const auto refused = log.queue.broadcast({TxId{"tx"}, std::string(101, 'm')});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::kInvalid);
  CHECK(refused.error().message ==
        "message payload is 101 bytes and exceeds maximum allowed 100 bytes");
  CHECK(log.queue.broadcast({TxId{"tx"}, std::string(100, 'm')}));
  const auto with_private =
      log.queue.broadcast({TxId{"tx"}, std::string(60, 'm'), std::string(41, 'p')});
  REQUIRE_FALSE(with_private);
  CHECK(with_private.error().message ==
        "message payload with private data is 101 bytes and exceeds maximum allowed 100 bytes");
}

TEST_CASE("each of two refusers takes back its own refusal only", "[ordering]") {
  using Refuser = EnvelopeQueue::Refuser;
  EmbeddedFeed log;
  const auto refusal = [&log] {
    const auto taken = log.queue.broadcast({TxId{"tx"}, "envelope"});
    return taken ? std::string() : taken.error().message;
  };
  log.queue.refuse(Refuser::kLedger, {ErrorCode::kExhausted, "the disk is full"});
  log.queue.refuse(Refuser::kLog, {ErrorCode::kUnavailable, "no broker"});
  CHECK(refusal() == "the disk is full");
  log.queue.accept(Refuser::kLedger);
  CHECK(refusal() == "no broker");
  log.queue.accept(Refuser::kLog);
  CHECK(refusal().empty());
}

TEST_CASE("waiting for the end lasts until it comes, or until the time", "[ordering]") {
  EmbeddedFeed log;
  CHECK_FALSE(log.queue.wait_for_stop(std::chrono::steady_clock::now()));
  auto waiting = std::async(std::launch::async,
                            [&log] { return log.queue.wait_for_stop(BatchSource::kForever); });
  log.queue.stop();
  CHECK(waiting.get());
}
