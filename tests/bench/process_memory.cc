#include "tests/bench/process_memory.h"

#include <fstream>
#include <stdexcept>
#include <string>

namespace ccbus::bench {

double private_memory_of(pid_t process) {
  const std::string file = "/proc/" + std::to_string(process) + "/smaps_rollup";
  std::ifstream in(file);
  for (std::string word; in >> word;) {
    double kib = 0;
    if (word == "Private_Dirty:" && in >> kib) return kib * 1024;
  }
  throw std::runtime_error("no Private_Dirty in " + file);
}

}  // namespace ccbus::bench
