#pragma once

#include <cstdint>
#include <string>

namespace ccbus::cli {

// A line on standard error that is overwritten as work proceeds; nothing is written if standard
// error is not a terminal. Destroying the object erases the line.
class ProgressLine {
 public:
  ProgressLine();
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void show(const std::string& text);

 private:
  const bool is_terminal_;
  bool is_shown_ = false;
};

// Returns a bar as [#####-----].
[[nodiscard]] std::string progress_bar(std::uint64_t done, std::uint64_t total);

}  // namespace ccbus::cli
