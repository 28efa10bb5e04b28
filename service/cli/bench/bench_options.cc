#include "service/cli/bench/bench_options.h"

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <utility>
#include <variant>

#include "service/base/memory_dumps.h"
#include "service/cli/commands/argument_checks.h"
#include "service/cli/commands/connection_options.h"
#include "service/cli/json/chaincode_input.h"
#include "service/config/config_options.h"
#include "service/load/plan/plan_options.h"

namespace ccbus::cli {
namespace {

using load::Mode;

// The measured time to which --short reduces a scenario.
constexpr std::chrono::milliseconds kShort{1'000};

// Returns the directory of this program, which also contains ccbusd.
std::filesystem::path program_directory() {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path();
}

// Returns the type of an option's value, as --help shows it.
std::string type_name(const load::PlanOption& option) {
  struct Names {
    std::string operator()(double load::WorkloadPlan::*) const { return "NUMBER"; }
    std::string operator()(std::string load::WorkloadPlan::*) const { return "TEXT"; }
    std::string operator()(std::chrono::milliseconds load::WorkloadPlan::*) const {
      return "DURATION";
    }
    std::string operator()(std::uint32_t load::WorkloadPlan::*) const { return "COUNT"; }
    std::string operator()(std::uint64_t load::WorkloadPlan::*) const { return "COUNT"; }
  };
  return std::visit(Names(), option.member);
}

}  // namespace

void BenchServiceOptions::add_to(CLI::App& command) {
  add_address_option(command, "--address", address, "The service's client endpoint")
      .envname("CCBUS_ADDRESS");
  add_address_option(command, "--chaincode-address", chaincode_address,
                     "The service's endpoint for chaincode; as the service says if not given");
  add_key_options(command, key, server_key);
  identity.add_to(command, "The folder of the MSP that signs the load; otherwise the service does");
  CLI::Option* const flag = command.add_flag(
      "--embedded", embedded,
      "Start a ccbusd for the run, with a ledger in a temporary directory, and stop it after");
  add_settings_option(command, settings,
                      "For that ccbusd; ledger.directory=:memory: avoids the disk")
      ->needs(flag);
}

load::RunOptions BenchServiceOptions::run_options() const {
  if (!key.empty()) forbid_memory_dumps();
  load::RunOptions options;
  options.client_address = address;
  options.chaincode_address = chaincode_address;
  options.key = key;
  options.server_key = server_key;
  if (!embedded) {
    options.identity = identity.signer();
  } else if (!identity.folder.empty()) {
    throw std::invalid_argument(
        "--identity does not go with --embedded, whose channel has no organisations: start a "
        "service, and configure its channel");
  }
  options.dealer_program = {"/proc/self/exe", "bench-dealers"};
  if (embedded) {
    options.embedded = load::RunOptions::Embedded{program_directory() / "ccbusd", settings};
  }
  return options;
}

void BenchPlanOptions::add_to(CLI::App& command, Mode mode) {
  plan.mode = mode;
  for (const load::PlanOption& option : load::plan_options()) {
    if (!option.applies_in(mode)) continue;
    const std::string name(option.name);
    const std::string flags = option.flags.empty() ? "--" + name : std::string(option.flags);
    command
        .add_option_function<std::string>(
            flags,
            [this, &option, name](const std::string& text) {
              const auto set = load::set_option(option, text, plan);
              if (!set) throw CLI::ValidationError("--" + name, set.error().message);
              given.insert(name);
            },
            std::string(option.help))
        ->type_name(type_name(option))
        ->default_str(load::option_text(option, plan));
  }
  if (mode == Mode::kConnect || mode == Mode::kHandler) return;
  command.add_option(
      "-c,--ctor", input,
      "The call of a chaincode that is already connected; {{n}}, {{key}} and "
      R"({{payload}} are filled in: {"Args":["CreateAsset","a{{n}}","{{payload}}"]})");
}

Result<load::Scenario> BenchPlanOptions::scenario() const {
  load::WorkloadPlan whole = plan;
  if (!input.empty()) {
    auto arguments = parse_chaincode_input(input);
    if (!arguments) return unexpected(arguments.error());
    whole.arguments = std::move(*arguments);
  }
  if (plan.is_open_loop() && !given.contains("in-flight")) {
    whole.in_flight = load::open_loop_in_flight(plan);
  }
  if (auto checked = load::validate(whole); !checked) return unexpected(checked.error());
  return load::Scenario{"", "", {{std::string(to_string(plan.mode)), whole}}};
}

void BenchScenarioOptions::add_to(CLI::App& command) {
  command.add_option("FILE", file, "The scenario")
      ->type_name("")
      ->required()
      ->check(check_not_empty);
  command.add_flag("--short", is_short,
                   "Reduce the durations to about a second in all, to see that everything works");
}

Result<load::Scenario> BenchScenarioOptions::scenario() const {
  auto scenario = load::read_scenario(file);
  if (scenario && is_short) return load::shortened(std::move(*scenario), kShort);
  return scenario;
}

}  // namespace ccbus::cli
