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

// How a command reaches the operations endpoint.
struct OperationsOptions {
  std::string address = "http://127.0.0.1:9443";
  std::chrono::milliseconds timeout{5'000};

  // --address (CCBUS_OPERATIONS_ADDRESS) and --timeout. *this outlives the parsing.
  void add_to(CLI::App& command);
};

struct HttpAnswer {
  int status = 0;
  std::string body;

  // The body as a JSON object; an empty one where it is none.
  [[nodiscard]] nlohmann::json object() const;
};

// The text that stands under a key of an object; `otherwise` where there is none.
[[nodiscard]] std::string text_at(const nlohmann::json& object, const char* key,
                                  const std::string& otherwise);

// One request over HTTP. With a body it is a PUT, without one a GET.
// Blocks: for at most the timeout to connect, and as long again for the answer.
// Errors: kInvalid the address is none; kPeerGone nobody answers, with the address and the reason.
[[nodiscard]] Result<HttpAnswer> ask_operations(const OperationsOptions& options,
                                                const std::string& path,
                                                const std::optional<std::string>& body = {});

// Says on stderr why nothing was answered, and with which exit code that is.
[[nodiscard]] ExitCode explain_silence(const Error& error);

}  // namespace ccbus::cli
