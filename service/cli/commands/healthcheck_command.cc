#include "service/cli/commands/healthcheck_command.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "service/cli/commands/operations_client.h"

namespace ccbus::cli {
namespace {

using nlohmann::json;

struct HealthcheckOptions {
  OperationsOptions operations;
  bool json = false;
};

ExitCode healthcheck(const HealthcheckOptions& options) {
  const auto answer = ask_operations(options.operations, {"/healthz"});
  if (!answer) return report_no_response(answer.error());
  if (answer->status == 401) return report_refusal(*answer);
  const json health = answer->object();
  if (!health.contains("status")) {
    std::cerr << options.operations.address << " does not answer as ccbusd does: status "
              << answer->status << "\n";
    return kRefused;
  }
  const bool is_well = answer->status == 200;
  if (options.json) {
    std::cout << health.dump(-1, ' ', false, json::error_handler_t::replace) << "\n";
  } else if (is_well) {
    std::cout << "healthy\n";
  }
  const auto failed = health.find("failed_checks");
  if (failed == health.end()) return is_well ? kSuccess : kRefused;
  for (const json& check : *failed) {
    std::cerr << text_at(check, "component", "?") << ": " << text_at(check, "reason", "?") << "\n";
  }
  return is_well ? kSuccess : kRefused;
}

}  // namespace

void add_healthcheck_command(CLI::App& app, ExitCode& exit_code) {
  const auto options = std::make_shared<HealthcheckOptions>();
  CLI::App& command = *app.add_subcommand("healthcheck", "Check whether the service is healthy");
  options->operations.add_to(command);
  command.add_flag("--json", options->json, "Print the service's answer as one JSON object");
  command.footer(
      "\nExample:\n  ccbus healthcheck --address http://127.0.0.1:9443 --timeout 2s\n\n"
      "Exit codes: 0 healthy, 1 not (each component with its reason on stderr), 2 wrong usage,\n"
      "3 service unreachable.");
  command.callback([options, &exit_code] { exit_code = healthcheck(*options); });
}

}  // namespace ccbus::cli
