#include "service/ordering/committer_thread.h"

#include <catch2/catch.hpp>
#include <future>
#include <string>
#include <vector>

#include "service/base/mutex.h"
#include "tests/support/embedded_feed.h"

using namespace ccbus;
using namespace ccbus::ordering;
using test::EmbeddedFeed;

namespace {

// What the thread did: "commit <position>" or "idle". A call can be held up until the test goes on.
class Notebook {
 public:
  void note(const std::string& line) {
    const MutexLock lock(mutex_);
    lines_.push_back(line);
    changed_.notify_all();
    while (is_held_) changed_.wait(mutex_);
  }
  void hold() {
    const MutexLock lock(mutex_);
    is_held_ = true;
  }
  void let_go() {
    const MutexLock lock(mutex_);
    is_held_ = false;
    changed_.notify_all();
  }
  // The lines, once there are so many.
  std::vector<std::string> first(std::size_t count) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    const MutexLock lock(mutex_);
    while (lines_.size() < count) REQUIRE(changed_.wait_until(mutex_, deadline));
    return {lines_.begin(), lines_.begin() + static_cast<std::ptrdiff_t>(count)};
  }
  std::vector<std::string> all() {
    const MutexLock lock(mutex_);
    return lines_;
  }

  CommitterThread::Commit commit() {
    return [this](const OrderedBatch& batch) {
      note("commit " + std::to_string(batch.position.value));
    };
  }
  // Has work for so many calls.
  CommitterThread::Idle idle(int calls) {
    return [this, left = calls]() mutable {
      note("idle");
      return --left > 0 ? BatchSource::kNoWait : BatchSource::kForever;
    };
  }
  CommitterThread::Halted halted() {
    return [this](const Error& why) { note("halted: " + why.message); };
  }

 private:
  Mutex mutex_;
  Condition changed_;
  std::vector<std::string> lines_ CCBUS_GUARDED_BY(mutex_);
  bool is_held_ CCBUS_GUARDED_BY(mutex_) = false;
};

using Lines = std::vector<std::string>;

void broadcast(EmbeddedFeed& log, const std::string& id) {
  REQUIRE(log.queue.broadcast({TxId{id}, "envelope"}));
}

}  // namespace

TEST_CASE("idle work is asked for at the start and after every batch, until there is none",
          "[ordering]") {
  Notebook notebook;
  EmbeddedFeed log;
  CommitterThread thread(log.feed, notebook.commit(), notebook.idle(2), notebook.halted());
  CHECK(notebook.first(2) == Lines{"idle", "idle"});
  broadcast(log, "a");
  CHECK(notebook.first(4) == Lines{"idle", "idle", "commit 1", "idle"});
  thread.stop();
  CHECK(notebook.all().size() == 4);
}

TEST_CASE("a batch goes before idle work that is left", "[ordering]") {
  Notebook notebook;
  notebook.hold();
  EmbeddedFeed log;
  CommitterThread thread(log.feed, notebook.commit(), notebook.idle(3), notebook.halted());
  CHECK(notebook.first(1) == Lines{"idle"});
  broadcast(log, "a");
  notebook.let_go();
  CHECK(notebook.first(4) == Lines{"idle", "commit 1", "idle", "idle"});
}

TEST_CASE("stopping commits what was taken and leaves idle work undone", "[ordering]") {
  Notebook notebook;
  notebook.hold();
  Limits limits;
  limits.block_transactions_max = 1;
  EmbeddedFeed log(limits);
  CommitterThread thread(log.feed, notebook.commit(), notebook.idle(1'000'000), notebook.halted());
  CHECK(notebook.first(1) == Lines{"idle"});
  broadcast(log, "a");
  broadcast(log, "b");
  log.feed.stop();
  notebook.let_go();
  thread.stop();
  CHECK(notebook.all() == Lines{"idle", "commit 1", "commit 2"});
  thread.stop();
}

TEST_CASE("a thread that waits for a batch can be stopped", "[ordering]") {
  Notebook notebook;
  EmbeddedFeed log;
  CommitterThread thread(log.feed, notebook.commit(), notebook.idle(1), notebook.halted());
  CHECK(notebook.first(1) == Lines{"idle"});
  thread.stop();
  CHECK(notebook.all() == Lines{"idle"});
}

TEST_CASE("a log that may not be read further is told once, and idle work goes on", "[ordering]") {
  // Halts at once, and then has nothing until it is stopped.
  class Halting final : public BatchSource {
   public:
    Next next(SteadyTime until) override {
      const MutexLock lock(mutex_);
      if (!std::exchange(is_told_, true))
        return {Next::Kind::kHalted, {}, {ErrorCode::kPrecondition, "why"}};
      while (!is_stopped_ && stopped_.wait_until(mutex_, until)) {
      }
      return {is_stopped_ ? Next::Kind::kEnded : Next::Kind::kNothingYet};
    }
    void stop() override {
      const MutexLock lock(mutex_);
      is_stopped_ = true;
      stopped_.notify_all();
    }

   private:
    Mutex mutex_;
    Condition stopped_;
    bool is_told_ CCBUS_GUARDED_BY(mutex_) = false;
    bool is_stopped_ CCBUS_GUARDED_BY(mutex_) = false;
  };
  Notebook notebook;
  Halting source;
  CommitterThread thread(source, notebook.commit(), notebook.idle(2), notebook.halted());
  CHECK(notebook.first(3) == Lines{"halted: why", "idle", "idle"});
  thread.stop();
  CHECK(notebook.all().size() == 3);
}
