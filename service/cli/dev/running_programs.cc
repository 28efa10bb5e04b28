#include "service/cli/dev/running_programs.h"

#include <nlohmann/json.hpp>

#include "service/base/duration.h"

namespace ccbus::cli {
namespace {

constexpr std::chrono::milliseconds kEndPatience{5'000};  // Of a program that says nothing more.

}  // namespace

Result<nlohmann::json> RunningPrograms::start(const std::string& name,
                                              const std::vector<std::string>& command,
                                              std::chrono::milliseconds patience) {
  programs_.push_back(std::make_unique<RunningProgram>(name, command, say_));
  const RunningProgram& program = *programs_.back();
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (program.ready().is_null() && !is_asked_to_stop()) {
    if (auto ended = describe_ended(); !ended.empty()) return fail(ErrorCode::kPeerGone, ended);
    if (std::chrono::steady_clock::now() > deadline) {
      return fail(ErrorCode::kDeadline,
                  name + " was not ready within " + format_duration(patience));
    }
    turn(deadline);
  }
  return program.ready();
}

void RunningPrograms::turn(SteadyTime until) {
  std::vector<load::EventSource*> sources{&interrupt_};
  for (const auto& program : programs_) sources.push_back(program.get());
  load::Turns(sources).take(until);
}

std::string RunningPrograms::describe_ended() {
  for (const auto& program : programs_) {
    if (!program->is_over()) continue;
    return program->name() + " has ended " +
           program->describe_end(kEndPatience).value_or("without an exit status") +
           "; what it has said last stands above";
  }
  return {};
}

bool RunningPrograms::stop(std::chrono::milliseconds patience) {
  bool is_well = true;
  while (!programs_.empty()) {
    RunningProgram& program = *programs_.back();
    if (!program.is_over()) program.ask_to_stop();
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (!program.is_over() && std::chrono::steady_clock::now() < deadline) turn(deadline);
    const auto end = program.is_over() ? program.describe_end(kEndPatience) : std::nullopt;
    if (!end) say_(program.name(), "does not stop, and is killed");
    is_well = is_well && end == RunningProgram::kEndedWell;
    programs_.pop_back();
  }
  return is_well;
}

}  // namespace ccbus::cli
