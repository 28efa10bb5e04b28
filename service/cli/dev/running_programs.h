#pragma once

#include <chrono>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <utility>
#include <vector>

#include "service/base/clock.h"
#include "service/base/result.h"
#include "service/cli/dev/running_program.h"
#include "service/load/run/interrupt.h"

namespace ccbus::cli {

// Programs that run until SIGINT or SIGTERM asks this process to end, or until one of them ends.
//
// Thread: one, the first of the process: make this object before another is started.
class RunningPrograms {
 public:
  // What the programs say goes to `say`. Throws std::system_error.
  explicit RunningPrograms(RunningProgram::Say say) : say_(std::move(say)) {}

  // Starts a program, and waits until it says that it is ready; returns what it has said, or null
  // if this process was asked to end before.
  //
  // Errors: kPeerGone: it has ended, or another one; kDeadline. Throws std::system_error.
  [[nodiscard]] Result<nlohmann::json> start(const std::string& name,
                                             const std::vector<std::string>& command,
                                             std::chrono::milliseconds patience);

  // Waits until one of them says something, or a signal comes.
  void turn(SteadyTime until);

  [[nodiscard]] bool is_asked_to_stop() const { return interrupt_.has_come(); }
  // Which program has ended, and how; empty: none.
  [[nodiscard]] std::string describe_ended();
  // Of the program that was started at this place, from 0.
  [[nodiscard]] pid_t pid(std::size_t index) const { return programs_.at(index)->pid(); }

  // Ends them, the last one first; kills what takes longer. Returns whether each has ended by
  // itself, with exit status 0.
  [[nodiscard]] bool stop(std::chrono::milliseconds patience);

 private:
  const RunningProgram::Say say_;
  load::Interrupt interrupt_;
  std::vector<std::unique_ptr<RunningProgram>> programs_;
};

}  // namespace ccbus::cli
