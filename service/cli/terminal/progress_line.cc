#include "service/cli/terminal/progress_line.h"

#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "service/cli/terminal/printable_stream.h"

namespace ccbus::cli {

namespace {

void erase_line() {
  write_control(std::cerr, "\r\033[K");
  std::cerr.flush();
}

}  // namespace

ProgressLine::ProgressLine() : is_terminal_(isatty(STDERR_FILENO) == 1) {}

ProgressLine::~ProgressLine() {
  if (is_shown_) erase_line();
}

void ProgressLine::show(const std::string& text) {
  if (!is_terminal_) return;
  is_shown_ = true;
  erase_line();
  std::cerr << text << std::flush;
}

std::string progress_bar(std::uint64_t done, std::uint64_t total) {
  constexpr std::size_t kCells = 30;
  const std::size_t full = total == 0 ? 0 : std::min<std::uint64_t>(done, total) * kCells / total;
  return "[" + std::string(full, '#') + std::string(kCells - full, '-') + "]";
}

}  // namespace ccbus::cli
