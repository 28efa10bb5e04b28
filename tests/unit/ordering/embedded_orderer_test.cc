#include "service/ordering/embedded_orderer.h"

#include <catch2/catch.hpp>
#include <condition_variable>
#include <future>
#include <mutex>

using namespace ccbus;
using namespace ccbus::ordering;

namespace {

// The committer's side: keeps what it is given, and can be held up within the first delivery.
class Ledger {
 public:
  explicit Ledger(bool held) : held_(held) {}

  EmbeddedOrderer::Deliver deliver() {
    return [this](Batch batch) {
      std::unique_lock lock(mutex_);
      batches_.push_back(std::move(batch));
      changed_.notify_all();
      changed_.wait(lock, [this] { return !held_; });
    };
  }

  void wait_for_batches(std::size_t count) {
    std::unique_lock lock(mutex_);
    const bool came =
        changed_.wait_for(lock, std::chrono::seconds(30), [&] { return batches_.size() >= count; });
    REQUIRE(came);
  }

  void let_go() {
    const std::lock_guard lock(mutex_);
    held_ = false;
    changed_.notify_all();
  }

  std::vector<std::size_t> sizes() {
    const std::lock_guard lock(mutex_);
    std::vector<std::size_t> out;
    for (const Batch& batch : batches_) out.push_back(batch.size());
    return out;
  }

  std::vector<std::string> ids() {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> out;
    for (const Batch& batch : batches_) {
      for (const OrderedEnvelope& envelope : batch) out.push_back(envelope.tx_id.value);
    }
    return out;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Batch> batches_;
  bool held_;
};

void broadcast(EmbeddedOrderer& orderer, int first, int end) {
  for (int i = first; i < end; ++i) {
    REQUIRE(orderer.broadcast({TxId{std::to_string(i)}, "envelope"}));
  }
}

}  // namespace

TEST_CASE("a lone transaction is a block of its own at once", "[ordering]") {
  Ledger ledger(false);
  EmbeddedOrderer orderer(Limits(), ledger.deliver());
  broadcast(orderer, 0, 1);
  ledger.wait_for_batches(1);
  broadcast(orderer, 1, 2);
  ledger.wait_for_batches(2);
  CHECK(ledger.sizes() == std::vector<std::size_t>{1, 1});
}

TEST_CASE("what arrives during a commit makes the next blocks, in order and up to the limit",
          "[ordering]") {
  Limits limits;
  limits.block_transactions_max = 4;
  Ledger ledger(true);
  EmbeddedOrderer orderer(limits, ledger.deliver());
  broadcast(orderer, 0, 1);
  ledger.wait_for_batches(1);
  broadcast(orderer, 1, 11);
  CHECK(orderer.waiting() == 10);
  ledger.let_go();
  orderer.stop();
  CHECK(ledger.sizes() == std::vector<std::size_t>{1, 4, 4, 2});
  std::vector<std::string> in_order;
  for (int i = 0; i < 11; ++i) in_order.push_back(std::to_string(i));
  CHECK(ledger.ids() == in_order);
  CHECK(orderer.waiting() == 0);
}

TEST_CASE("a full queue refuses by name and number, and takes again when there is room",
          "[ordering]") {
  Limits limits;
  limits.ordering_queue_max = 3;
  Ledger ledger(true);
  EmbeddedOrderer orderer(limits, ledger.deliver());
  broadcast(orderer, 0, 1);
  ledger.wait_for_batches(1);
  broadcast(orderer, 1, 4);
  const auto refused = orderer.broadcast({TxId{"4"}, "envelope"});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::kExhausted);
  CHECK(refused.error().message == "orderer.queue is reached: 3 transactions wait for a block");
  ledger.let_go();
  ledger.wait_for_batches(2);
  broadcast(orderer, 4, 5);
  orderer.stop();
  CHECK(ledger.ids() == std::vector<std::string>{"0", "1", "2", "3", "4"});
}

TEST_CASE("an envelope that is larger than a block may be is refused", "[ordering]") {
  Limits limits;
  limits.block_bytes_max = 100;
  Ledger ledger(false);
  EmbeddedOrderer orderer(limits, ledger.deliver());
  const auto refused = orderer.broadcast({TxId{"tx"}, std::string(101, 'm')});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::kInvalid);
  CHECK(refused.error().message ==
        "message payload is 101 bytes and exceeds maximum allowed 100 bytes");
  CHECK(orderer.broadcast({TxId{"tx"}, std::string(100, 'm')}));
}

TEST_CASE("stopping delivers what was taken and refuses the rest", "[ordering]") {
  Ledger ledger(true);
  EmbeddedOrderer orderer(Limits(), ledger.deliver());
  broadcast(orderer, 0, 1);
  ledger.wait_for_batches(1);
  broadcast(orderer, 1, 700);
  auto stopped = std::async(std::launch::async, [&] { orderer.stop(); });
  ledger.let_go();
  stopped.get();
  CHECK(ledger.ids().size() == 700);
  const auto late = orderer.broadcast({TxId{"late"}, "envelope"});
  REQUIRE_FALSE(late);
  CHECK(late.error().code == ErrorCode::kPrecondition);
  orderer.stop();
}
