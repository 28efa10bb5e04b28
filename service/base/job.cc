#include "service/base/job.h"

#include <new>

namespace ccbus {

void Job::carry_out() noexcept {
  try {
    run();
  } catch (const std::bad_alloc&) {
    outcome_ = Outcome::kOutOfMemory;
  } catch (const std::exception& error) {
    outcome_ = Outcome::kThrew;
    try {
      exception_ = error.what();
    } catch (...) {  // It has no text, then.
    }
  }
}

void Job::end(Now now) {
  switch (outcome_) {
    case Outcome::kRun: return finish(now);
    case Outcome::kSkipped: return drop({ErrorCode::kPeerGone, "nobody waits for the answer"});
    case Outcome::kOutOfMemory: return drop({ErrorCode::kExhausted, "out of memory"});
    case Outcome::kThrew: return drop({ErrorCode::kIo, "the job failed: " + exception_});
  }
}

}  // namespace ccbus
