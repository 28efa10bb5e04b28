#include "tests/support/ccbus_command.h"

#include <chrono>
#include <stdexcept>

#include "tests/support/checkout.h"
#include "tests/support/process.h"

namespace ccbus::test {

Output run_program(const std::vector<std::string>& command) {
  constexpr std::chrono::seconds kPatience{10};
  Process process(command);
  Output output{0, {}};
  try {
    while (true) output.text += process.read_line(kPatience) + "\n";
  } catch (const std::runtime_error&) {
    output.status = process.wait(kPatience);  // It has said all it had to say.
  }
  return output;
}

Output run_with_errors(std::vector<std::string> command) {
  const std::vector<std::string> shell = {"/bin/sh", "-c", R"(exec "$@" 2>&1)", "sh"};
  command.insert(command.begin(), shell.begin(), shell.end());
  return run_program(command);
}

Output run_ccbus(const std::string& client_endpoint, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), test::built_program("ccbus"));
  arguments.insert(arguments.end(), {"--address", client_endpoint});
  return run_program(arguments);
}

}  // namespace ccbus::test
