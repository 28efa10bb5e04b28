#include "tests/support/ccbus_command.h"

#include <chrono>
#include <stdexcept>

#include "tests/support/process.h"

namespace ccbus::test {

Output run_ccbus(const std::string& client_endpoint, std::vector<std::string> arguments) {
  constexpr std::chrono::seconds kPatience{10};
  arguments.insert(arguments.begin(), CCBUS_BINARY);
  arguments.insert(arguments.end(), {"--address", client_endpoint});
  Process process(arguments);
  Output output{0, {}};
  try {
    while (true) output.text += process.read_line(kPatience) + "\n";
  } catch (const std::runtime_error&) {
    output.status = process.wait(kPatience);  // It has said all it had to say.
  }
  return output;
}

}  // namespace ccbus::test
