#include "service/cli/commands/operations_client.h"

#include <httplib.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <iostream>

#include "service/cli/commands/connection_options.h"

namespace ccbus::cli {

void OperationsOptions::add_to(CLI::App& command) {
  command.add_option("--address", address, "The service's operations endpoint")
      ->envname("CCBUS_OPERATIONS_ADDRESS")
      ->capture_default_str();
  add_timeout_option(command, timeout);
}

Result<HttpAnswer> ask_operations(const OperationsOptions& options, const std::string& path,
                                  const std::optional<std::string>& body) {
  const std::string address = options.address.find("://") == std::string::npos
                                  ? "http://" + options.address
                                  : options.address;
  httplib::Client client(address);
  if (!address.starts_with("http://") || !client.is_valid()) {
    return fail(ErrorCode::kInvalid,
                "'" + options.address + "' is not an address: http://host:port is expected");
  }
  client.set_connection_timeout(options.timeout);
  client.set_read_timeout(options.timeout);
  client.set_write_timeout(options.timeout);
  const auto answer = body ? client.Put(path, *body, "application/json") : client.Get(path);
  if (!answer) {
    return fail(ErrorCode::kPeerGone, "no answer from " + address + path + " within " +
                                          std::to_string(options.timeout.count()) +
                                          " ms: " + httplib::to_string(answer.error()));
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

ExitCode report_no_response(const Error& error) {
  std::cerr << error.message << "\n";
  return error.code == ErrorCode::kInvalid ? kUsage : kUnreachable;
}

}  // namespace ccbus::cli
