#include "service/ordering/committer_thread.h"

#include <catch2/catch.hpp>
#include <future>
#include <string>
#include <vector>

#include "service/base/mutex.h"
#include "service/ordering/embedded_log.h"

using namespace ccbus;
using namespace ccbus::ordering;

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
      return --left > 0;
    };
  }

 private:
  Mutex mutex_;
  Condition changed_;
  std::vector<std::string> lines_ CCBUS_GUARDED_BY(mutex_);
  bool is_held_ CCBUS_GUARDED_BY(mutex_) = false;
};

using Lines = std::vector<std::string>;

void broadcast(EmbeddedLog& log, const std::string& id) {
  REQUIRE(log.broadcast({TxId{id}, "envelope"}));
}

}  // namespace

TEST_CASE("idle work is asked for at the start and after every batch, until there is none",
          "[ordering]") {
  Notebook notebook;
  EmbeddedLog log(Limits(), {});
  CommitterThread thread(log, notebook.commit(), notebook.idle(2));
  CHECK(notebook.first(2) == Lines{"idle", "idle"});
  broadcast(log, "a");
  CHECK(notebook.first(4) == Lines{"idle", "idle", "commit 1", "idle"});
  thread.stop();
  CHECK(notebook.all().size() == 4);
}

TEST_CASE("a batch goes before idle work that is left", "[ordering]") {
  Notebook notebook;
  notebook.hold();
  EmbeddedLog log(Limits(), {});
  CommitterThread thread(log, notebook.commit(), notebook.idle(3));
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
  EmbeddedLog log(limits, {});
  CommitterThread thread(log, notebook.commit(), notebook.idle(1'000'000));
  CHECK(notebook.first(1) == Lines{"idle"});
  broadcast(log, "a");
  broadcast(log, "b");
  log.stop();
  notebook.let_go();
  thread.stop();
  CHECK(notebook.all() == Lines{"idle", "commit 1", "commit 2"});
  thread.stop();
}

TEST_CASE("a thread that waits for a batch can be stopped", "[ordering]") {
  Notebook notebook;
  EmbeddedLog log(Limits(), {});
  CommitterThread thread(log, notebook.commit(), notebook.idle(1));
  CHECK(notebook.first(1) == Lines{"idle"});
  thread.stop();
  CHECK(notebook.all() == Lines{"idle"});
}
