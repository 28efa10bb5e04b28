#pragma once

#include <chrono>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "service/base/result.h"
#include "service/cli/terminal/exit_code.h"

namespace CLI {
class App;
}  // namespace CLI

namespace ccbus::cli {

// The options with which a command connects to the operations endpoint.
struct OperationsOptions {
  std::string address = "http://127.0.0.1:9443";
  std::chrono::milliseconds timeout{5'000};

  // Adds --address (or CCBUS_OPERATIONS_ADDRESS) and --timeout. *this must outlive the parsing.
  void add_to(CLI::App& command);
};

struct HttpAnswer {
  int status = 0;
  std::string body;

  // Returns the body as a JSON object; an empty object if the body is anything else.
  [[nodiscard]] nlohmann::json object() const;
};

// Returns the text of a member of an object; `otherwise` if there is no such text.
[[nodiscard]] std::string text_at(const nlohmann::json& object, const char* key,
                                  const std::string& otherwise);

// Sends one request over HTTP: a PUT if there is a body, otherwise a GET.
// Blocks: for at most the timeout to connect, and as long again for the response.
// Errors: kInvalid the address is invalid; kPeerGone there was no response, with the address and
//         the reason.
[[nodiscard]] Result<HttpAnswer> ask_operations(const OperationsOptions& options,
                                                const std::string& path,
                                                const std::optional<std::string>& body = {});

// Prints on stderr why there was no response, and returns the exit code for it.
[[nodiscard]] ExitCode report_no_response(const Error& error);

}  // namespace ccbus::cli
