#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace ccbus::bench {

// Returns the functions to which the addresses of a process belong, from addr2line; "??" if
// unknown.
class FunctionNames {
 public:
  // Reads the present memory map of the process.
  explicit FunctionNames(pid_t process);

  // For return addresses; in the same order.
  [[nodiscard]] std::vector<std::string> of(const std::vector<std::uintptr_t>& addresses) const;

 private:
  struct Mapping {
    std::uintptr_t begin = 0;
    std::uintptr_t end = 0;
    std::uintptr_t offset = 0;
    std::string file;
  };

  [[nodiscard]] std::string name_of(std::uintptr_t address) const;

  std::vector<Mapping> mappings_;
};

}  // namespace ccbus::bench
