#include "service/load/run.h"

#include <exception>

#include "service/load/load_run.h"

namespace ccbus::load {

Result<LoadResult> run_load(const RunOptions& options, RunObserver& observer) {
  if (auto checked = validate(options.plan); !checked) return unexpected(checked.error());
  try {
    return LoadRun(options, observer).execute();
  } catch (const RunFailed& failure) {
    return unexpected(failure.error());
  } catch (const std::exception& failure) {
    return fail(ErrorCode::kIo, failure.what());
  }
}

}  // namespace ccbus::load
