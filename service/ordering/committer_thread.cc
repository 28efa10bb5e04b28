#include "service/ordering/committer_thread.h"

#include <utility>

#include "service/base/assert.h"
#include "service/base/thread_name.h"

namespace ccbus::ordering {

CommitterThread::CommitterThread(BatchSource& source, Commit commit, Idle idle)
    : source_(source),
      commit_(std::move(commit)),
      idle_(std::move(idle)),
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
  bool may_have_idle_work = true;
  for (;;) {
    auto next = source_.next(may_have_idle_work ? BatchSource::Wait::kNo : BatchSource::Wait::kYes);
    switch (next.kind) {
      case Kind::kBatch:
        commit_(std::move(next.batch));
        may_have_idle_work = true;
        break;
      case Kind::kNothingYet: may_have_idle_work = idle_(); break;
      case Kind::kEnded: return;
    }
  }
}

}  // namespace ccbus::ordering
