#include "service/cli/commands/operations_client.h"

#include <httplib.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <fstream>
#include <iostream>

#include "service/base/memory_dumps.h"
#include "service/cli/commands/connection_options.h"

namespace ccbus::cli {

void OperationsOptions::add_to(CLI::App& command, Of of) {
  switch (of) {
    case Of::kService:
      command.add_option("--address", address, "The service's operations endpoint")
          ->envname("CCBUS_OPERATIONS_ADDRESS")
          ->capture_default_str();
      break;
    case Of::kBridge:
      address = "http://127.0.0.1:9444";
      command.add_option("--bridge", address, "The operations endpoint of ccbus-bridge")
          ->envname("CCBUS_BRIDGE")
          ->capture_default_str();
      break;
    case Of::kBridgeIfNamed:
      address.clear();
      command
          .add_option("--bridge", address,
                      "Show what came through ccbus-bridge as well: its operations endpoint")
          ->envname("CCBUS_BRIDGE");
      break;
  }
  const auto add_file = [&](const char* name, std::string& file, const char* variable,
                            const char* help) {
    return command.add_option(name, file, help)->envname(variable)->check(CLI::ExistingFile);
  };
  add_file("--token-file", token_file, "CCBUS_OPERATIONS_TOKEN_FILE",
           "A file with the bearer token that the endpoint asks for");
  add_file("--ca-file", ca_file, "CCBUS_OPERATIONS_CA_FILE",
           "The CAs of the endpoint's certificate, in PEM, for https://; else the system's");
  CLI::Option* cert = add_file("--client-cert", client_cert, "CCBUS_OPERATIONS_CLIENT_CERT",
                               "One's own certificate for TLS, in PEM");
  CLI::Option* key = add_file("--client-key", client_key, "CCBUS_OPERATIONS_CLIENT_KEY",
                              "The private key of that certificate, in PEM");
  cert->needs(key);
  key->needs(cert);
  if (of != Of::kBridgeIfNamed) add_timeout_option(command, timeout);
}

namespace {

Result<std::string> read_token(const std::string& file) {
  forbid_memory_dumps();
  std::ifstream in(file);
  std::string token;
  std::getline(in, token);
  while (token.ends_with('\r') || token.ends_with(' ')) token.pop_back();
  if (token.empty())
    return fail(ErrorCode::kInvalid, file + ": there is no token on its first line");
  return token;
}

std::string reason_of(const httplib::Result& answer) {
  std::string reason = httplib::to_string(answer.error());
  switch (answer.error()) {
    case httplib::Error::SSLServerVerification:
      return reason + ": its certificate is none of --ca-file, or not for this address";
    case httplib::Error::SSLConnection: return reason + ": does it speak TLS (https://)?";
    case httplib::Error::Read: return reason + ": does it ask for TLS (https://), or not?";
    default: return reason;
  }
}

}  // namespace

Result<HttpAnswer> ask_operations(const OperationsOptions& options, const HttpQuestion& question) {
  const auto& [path, method, body] = question;
  const std::string address =
      options.address.find("://") == std::string::npos
          ? (options.ca_file.empty() ? "http://" : "https://") + options.address
          : options.address;
  httplib::Client client(address, options.client_cert, options.client_key);
  const bool is_secure = address.starts_with("https://");
  if (!(is_secure || address.starts_with("http://")) || !client.is_valid()) {
    return fail(ErrorCode::kInvalid, "'" + options.address +
                                         "' is not an address: http://host:port or "
                                         "https://host:port is expected");
  }
  if (is_secure && !options.ca_file.empty()) client.set_ca_cert_path(options.ca_file.c_str());
  httplib::Headers headers;
  if (!options.token_file.empty()) {
    const auto token = read_token(options.token_file);
    if (!token) return unexpected(token.error());
    headers.emplace("Authorization", "Bearer " + *token);
  }
  client.set_connection_timeout(options.timeout);
  client.set_read_timeout(options.timeout);
  client.set_write_timeout(options.timeout);
  const auto answer = method == "PUT"      ? client.Put(path, headers, body, "application/json")
                      : method == "DELETE" ? client.Delete(path, headers)
                                           : client.Get(path, headers);
  if (!answer) {
    return fail(ErrorCode::kPeerGone, "no answer from " + address + path + " within " +
                                          std::to_string(options.timeout.count()) +
                                          " ms: " + reason_of(answer));
  }
  return HttpAnswer{answer->status, answer->body};
}

nlohmann::json HttpAnswer::object() const {
  nlohmann::json parsed = nlohmann::json::parse(body, nullptr, false);
  return parsed.is_object() ? parsed : nlohmann::json::object();
}

std::string text_at(const nlohmann::json& object, const char* key, const std::string& otherwise) {
  if (!object.is_object()) return otherwise;
  const auto at = object.find(key);
  return at != object.end() && at->is_string() ? at->get<std::string>() : otherwise;
}

ExitCode report_refusal(const HttpAnswer& answer) {
  std::cerr << "refused with status " << answer.status << ": "
            << text_at(answer.object(), "error", answer.body) << "\n";
  return kRefused;
}

ExitCode report_no_response(const Error& error) {
  std::cerr << error.message << "\n";
  return error.code == ErrorCode::kInvalid ? kUsage : kUnreachable;
}

}  // namespace ccbus::cli
