#include "service/ordering/committer_thread.h"

#include <utility>

#include "service/base/assert.h"
#include "service/base/thread_name.h"

namespace ccbus::ordering {

CommitterThread::CommitterThread(BatchSource& source, Commit commit, Idle idle, Halted halted)
    : source_(source),
      commit_(std::move(commit)),
      idle_(std::move(idle)),
      halted_(std::move(halted)),
      thread_([this] { run(); }) {}

CommitterThread::~CommitterThread() {
  stop();
}

void CommitterThread::stop() {
  CCBUS_ASSERT(std::this_thread::get_id() != thread_.get_id());
  source_.stop();
  if (thread_.joinable()) thread_.join();
}

// A batch may make idle work: it may define an index.
void CommitterThread::run() {
  name_this_thread("committer");
  using Kind = BatchSource::Next::Kind;
  SteadyTime next_idle = BatchSource::kNoWait;
  for (;;) {
    auto next = source_.next(next_idle);
    switch (next.kind) {
      case Kind::kBatch:
        commit_(std::move(next.batch));
        next_idle = BatchSource::kNoWait;
        break;
      case Kind::kNothingYet: next_idle = idle_(); break;
      case Kind::kHalted: halted_(std::move(next.why)); break;
      case Kind::kEnded: return;
    }
  }
}

}  // namespace ccbus::ordering
