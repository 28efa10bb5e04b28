#include "service/cli/dev/running_program.h"

#include <utility>

namespace ccbus::cli {

namespace {

constexpr int kSignalled = 128;

}  // namespace

RunningProgram::RunningProgram(std::string name, const std::vector<std::string>& command, Say say)
    : name_(std::move(name)),
      say_(std::move(say)),
      child_(command, load::ChildProcess::Errors::kWithOutput) {}

void RunningProgram::add_descriptors(std::vector<pollfd>& descriptors) const {
  if (!is_over_) descriptors.push_back({child_.descriptor(), POLLIN, 0});
}

void RunningProgram::on_readable() {
  while (const auto line = child_.read_line()) {
    if (ready_.is_null() && line->starts_with('{')) {
      nlohmann::json event = nlohmann::json::parse(*line, nullptr, false);
      if (event.is_object() && event.value("event", nlohmann::json()) == "ready") {
        ready_ = std::move(event);
        continue;
      }
    }
    say_(name_, *line);
  }
  is_over_ = child_.has_ended_its_output();
}

std::optional<std::string> RunningProgram::describe_end(std::chrono::milliseconds patience) {
  if (end_) return end_;
  const auto status = child_.finish(patience);
  if (!status) return std::nullopt;
  end_ = *status > kSignalled ? "by signal " + std::to_string(*status - kSignalled)
                              : "with exit status " + std::to_string(*status);
  return end_;
}

}  // namespace ccbus::cli
