#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace ccbus::bench {

// Which functions the addresses of a process belong to, as addr2line knows them; "??" for what it
// does not.
class FunctionNames {
 public:
  // Reads what the process has mapped now.
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
