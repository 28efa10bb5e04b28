#pragma once

#include <string>
#include <vector>

namespace ccbus::test {

struct Output {
  int status;
  std::string text;  // Of standard output.
};

// Runs the ccbus command against a service. Throws std::runtime_error where it does not end within
// ten seconds of its last line.
[[nodiscard]] Output run_ccbus(const std::string& client_endpoint,
                               std::vector<std::string> arguments);

}  // namespace ccbus::test
