#pragma once

#include <cstdint>
#include <string>

namespace ccbus::cli {

// One line on standard error that is written over as work goes on; nothing where that is no
// terminal. Gone with the object.
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

// [#####-----]  of so many cells.
[[nodiscard]] std::string progress_bar(std::uint64_t done, std::uint64_t total);

}  // namespace ccbus::cli
