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

// Counts the instructions of a child that is started with launcher() before its command, which
// makes it about fifty times slower.
class Callgrind {
 public:
  [[nodiscard]] static bool is_installed();

  // The words that precede the child's own command.
  [[nodiscard]] std::vector<std::string> launcher() const;

  // Returns the instructions of the child since the last call, or since its start. Throws
  // std::runtime_error if it does not run under callgrind.
  [[nodiscard]] Instructions count(pid_t child);

  // Returns where the main thread spent the instructions of the last count(): that many lines of
  // callgrind_annotate, the most expensive function first, without the functions that it calls.
  [[nodiscard]] std::vector<std::string> most_expensive(std::size_t functions) const;

 private:
  // The file of one thread, for the last count(); threads have the numbers 1, 2, 3, ...
  [[nodiscard]] std::filesystem::path file_of(int thread) const;

  const test::TemporaryDirectory directory_;
  int counts_ = 0;
};

}  // namespace ccbus::bench
