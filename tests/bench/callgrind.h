#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/process.h"

namespace ccbus::bench {

struct Instructions {
  double main_thread = 0;
  double other_threads = 0;
};

// Counts the instructions of a child that is started by the words of launcher(), some fifty times
// slower than it is.
class Callgrind {
 public:
  [[nodiscard]] static bool is_installed();

  // What stands before the child's own command.
  [[nodiscard]] std::vector<std::string> launcher() const;

  // What the child has done since the last call, or its start. Throws std::runtime_error where it
  // does not run under callgrind.
  [[nodiscard]] Instructions count(pid_t child);

  // Where the main thread spent the instructions that the last count() returned: so many lines of
  // callgrind_annotate, the most expensive function first, without what it calls.
  [[nodiscard]] std::vector<std::string> most_expensive(std::size_t functions) const;

 private:
  // The file of one thread, for the last count(); threads have the numbers 1, 2, 3, ...
  [[nodiscard]] std::filesystem::path file_of(int thread) const;

  const test::TemporaryDirectory directory_;
  int counts_ = 0;
};

}  // namespace ccbus::bench
