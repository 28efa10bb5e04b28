#pragma once

#include <string>
#include <vector>

namespace ccbus::test {

struct Output {
  int status;
  std::string text;  // What it wrote to standard output.
};

// Runs a program to its end. Throws std::runtime_error if it does not end within ten seconds of its
// last line.
[[nodiscard]] Output run_program(const std::vector<std::string>& command);

// The same; the output also has what the program wrote to standard error.
[[nodiscard]] Output run_with_errors(std::vector<std::string> command);

// Runs the ccbus command against a service, as run_program() does.
[[nodiscard]] Output run_ccbus(const std::string& client_endpoint,
                               std::vector<std::string> arguments);

}  // namespace ccbus::test
