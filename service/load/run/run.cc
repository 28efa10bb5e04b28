#include "service/load/run/run.h"

#include <csignal>
#include <exception>
#include <optional>

#include "service/load/run/embedded_service.h"
#include "service/load/run/interrupt.h"
#include "service/load/run/load_run.h"

namespace ccbus::load {
namespace {

std::vector<LoadResult> run_all(const std::vector<WorkloadPlan>& plans, const RunOptions& options,
                                RunObserver& observer) {
  std::signal(SIGPIPE, SIG_IGN);  // The end of a child is detected at its output instead.
  Interrupt interrupt;
  std::optional<EmbeddedService> service;
  if (options.embedded) service.emplace(options.embedded->program, options.embedded->settings);

  std::vector<LoadResult> results;
  for (std::size_t i = 0; i < plans.size() && !interrupt.has_come(); ++i) {
    observer.on_begin(i);
    try {
      LoadRun run(plans[i], options, service ? &*service : nullptr, interrupt, observer);
      results.push_back(run.execute());
    } catch (const RunFailed&) {
      // Interrupted before this plan measured anything: the results of earlier plans are returned.
      if (!interrupt.has_come() || results.empty()) throw;
    }
  }
  if (service) {
    if (const auto stopped = service->stop(); !stopped) {
      results.back().discrepancies.push_back(stopped.error().message);
    }
  }
  return results;
}

}  // namespace

Result<std::vector<LoadResult>> run_load(const std::vector<WorkloadPlan>& plans,
                                         const RunOptions& options, RunObserver& observer) {
  if (plans.empty()) return fail(ErrorCode::kInvalid, "there is no plan to run");
  for (const WorkloadPlan& plan : plans) {
    if (auto checked = validate(plan); !checked) return unexpected(checked.error());
  }
  try {
    return run_all(plans, options, observer);
  } catch (const RunFailed& failure) {
    return unexpected(failure.error());
  } catch (const std::exception& failure) {
    return fail(ErrorCode::kIo, failure.what());
  }
}

}  // namespace ccbus::load
