#include "service/cli/commands/bridge_status.h"

#include <nlohmann/json.hpp>

#include "service/base/printable.h"

namespace ccbus::cli {
namespace {

using nlohmann::json;

// {"calls": [...], "applications": [...]}, or {"error": why not}.
json ask(const OperationsOptions& bridge) {
  const auto answer = ask_operations(bridge, {"/chaincodes"});
  if (!answer) return {{"error", answer.error().message}};
  json shown = answer->object();
  if (answer->status != 200 || !shown.contains("calls")) {
    return {{"error", text_at(shown, "Error",
                              bridge.address + " answers with " + std::to_string(answer->status))}};
  }
  shown.erase("services");  // `ccbus chaincode services` shows them.
  return shown;
}

}  // namespace

std::string format_bridge(const OperationsOptions& bridge) {
  const json shown = ask(bridge);
  std::string text = "\nThrough ccbus-bridge, " + printable(bridge.address) + ":\n";
  if (shown.contains("error")) return text + "  " + printable(text_at(shown, "error", "")) + "\n";
  for (const json& call : shown.value("calls", json::array())) {
    text += "  " + printable(text_at(call, "from", "")) + "  " +
            printable(text_at(call, "what", "")) + "\n";
  }
  for (const json& application : shown.value("applications", json::array())) {
    text += "  " + printable(text_at(application, "from", "")) + "  application, " +
            std::to_string(application.value("requests", 0)) + " requests, " +
            std::to_string(application.value("open", 0)) + " open\n";
  }
  if (shown["calls"].empty() && shown.value("applications", json::array()).empty()) {
    text += "  nobody\n";
  }
  return text;
}

std::string with_bridge(const std::string& status, const OperationsOptions& bridge) {
  json whole = json::parse(status, nullptr, false);
  whole["bridge"] = ask(bridge);
  return whole.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace ccbus::cli
