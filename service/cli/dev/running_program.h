#pragma once

#include <chrono>
#include <csignal>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "service/load/run/child_process.h"
#include "service/load/run/event_source.h"

namespace ccbus::cli {

// A ccbusd or a ccbus-bridge that runs as a child of this process, and ends with it. What it says
// on either output goes to `say`, but for the line of JSON that tells that it is ready.
//
// Thread: one.
class RunningProgram final : public load::EventSource {
 public:
  static constexpr const char* kEndedWell = "with exit status 0";
  using Say = std::function<void(const std::string& name, const std::string& line)>;

  // Starts it. Throws std::system_error.
  RunningProgram(std::string name, const std::vector<std::string>& command, Say say);

  void add_descriptors(std::vector<pollfd>& descriptors) const override;
  void on_readable() override;

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] pid_t pid() const { return child_.pid(); }
  // What it has said when it was ready, with its addresses; null before.
  [[nodiscard]] const nlohmann::json& ready() const { return ready_; }
  // It says nothing more, since it has ended.
  [[nodiscard]] bool is_over() const { return is_over_; }

  void ask_to_stop() { child_.signal(SIGTERM); }
  // Waits for its end. Returns how it ended, in words; nullopt if it did not in time. Others who
  // ask later hear the same.
  [[nodiscard]] std::optional<std::string> describe_end(std::chrono::milliseconds patience);

 private:
  const std::string name_;
  const Say say_;
  load::ChildProcess child_;
  nlohmann::json ready_;
  bool is_over_ = false;
  std::optional<std::string> end_;
};

}  // namespace ccbus::cli
