#pragma once

#include <chrono>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "service/base/result.h"
#include "service/cli/terminal/exit_code.h"

namespace CLI {
class App;
}  // namespace CLI

namespace ccbus::cli {

// The options with which a command connects to the operations endpoint, of the service or of
// ccbus-bridge.
struct OperationsOptions {
  enum class Of {
    kService,
    kBridge,
    kBridgeIfNamed,  // Of a command that asks the service first: without an address of its own.
  };

  std::string address = "http://127.0.0.1:9443";
  std::chrono::milliseconds timeout{5'000};
  // Each file may be empty.
  std::string token_file;   // Has the bearer token, on its first line.
  std::string ca_file;      // The CAs of the service's certificate, in PEM; empty: the system's.
  std::string client_cert;  // One's own certificate and its key, in PEM: both or none.
  std::string client_key;

  // Adds --address (or CCBUS_OPERATIONS_ADDRESS; for the bridge --bridge or CCBUS_BRIDGE, with an
  // address of its own), --token-file (CCBUS_OPERATIONS_TOKEN_FILE),
  // --ca-file (..._CA_FILE), --client-cert (..._CLIENT_CERT), --client-key (..._CLIENT_KEY) and
  // --timeout, which a command with kBridgeIfNamed has already. *this must outlive the parsing.
  void add_to(CLI::App& command, Of of = Of::kService);
};

struct HttpQuestion {
  std::string path;
  std::string method = "GET";  // Or PUT, with a body; or DELETE.
  std::string body{};
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

// Sends one request over HTTP or HTTPS, with the token if there is one. Blocks: for at most the
// timeout to connect, and as long again for the response. Errors: kInvalid the address or a file is
// invalid; kPeerGone there was no response, with the address and
//         the reason.
[[nodiscard]] Result<HttpAnswer> ask_operations(const OperationsOptions& options,
                                                const HttpQuestion& question);

// Prints on stderr why the service has refused, and returns the exit code for it.
[[nodiscard]] ExitCode report_refusal(const HttpAnswer& answer);

// Prints on stderr why there was no response, and returns the exit code for it.
[[nodiscard]] ExitCode report_no_response(const Error& error);

}  // namespace ccbus::cli
