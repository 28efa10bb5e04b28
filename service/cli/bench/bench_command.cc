#include "service/cli/bench/bench_command.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "service/base/memory_dumps.h"
#include "service/cli/bench/bench_options.h"
#include "service/cli/bench/bench_outputs.h"
#include "service/cli/bench/bench_report.h"
#include "service/cli/terminal/progress_line.h"
#include "service/load/run/dealer_process.h"

namespace ccbus::cli {
namespace {

using load::Mode;

struct ModeHelp {
  Mode mode;
  const char* description;
  const char* examples;
};

constexpr ModeHelp kModes[] = {
    {Mode::kInvoke, "Submit transactions; each ends when its block is on disk",
     "  ccbus bench invoke --embedded --dealers 100 --clients 4 --in-flight 16\n"
     "  ccbus bench invoke --embedded --rate 2000 --duration 30s\n"
     "  ccbus bench invoke --embedded --hot-keys 1          # contention: MVCC conflicts\n"
     "  ccbus bench invoke -n basic -c '{\"Args\":[\"CreateAsset\",\"a{{n}}\",\"blue\",\"5\","
     "\"tom\",\"300\"]}'"},
    {Mode::kQuery, "Evaluate transactions; nothing is ordered",
     "  ccbus bench query --embedded --gets 10 --range 100\n"
     "  ccbus bench query -n basic -c '{\"Args\":[\"ReadAsset\",\"a1\"]}' --rate 500"},
    {Mode::kHandler, "Messages of the chaincode protocol: GET_STATE in open transactions",
     "  ccbus bench handler --embedded --in-flight 64\n"
     "  ccbus bench handler --embedded --dealers 1000 --in-flight 4 --chaincode-processes 2"},
    {Mode::kConnect, "Chaincodes that connect, register and leave",
     "  ccbus bench connect --embedded --in-flight 32\n"
     "  ccbus bench connect --address tcp://127.0.0.1:7051 --rate 100"},
    {Mode::kMixed, "Invokes and queries together; with --churn dealers leave and return",
     "  ccbus bench mixed --embedded --query-share 0.8 --dealers 50\n"
     "  ccbus bench mixed --embedded --dealers 100 --churn 20"},
};

constexpr const char* kBenchExitCodes =
    "Exit codes: 0 success, 1 operations failed, counts do not add up or it could not run,\n"
    "2 wrong usage, 3 service unreachable. Conflicts do not count as failures.";

constexpr const char* kScenarioFormat =
    "A scenario is a YAML file: phases that run one after the other on one service.\n"
    "\n"
    "  name: burst\n"
    "  shows: what ten times the load does to the waiting time\n"
    "  options:            # for every phase that does not set them itself\n"
    "    mode: invoke      # invoke, query, handler, connect or mixed\n"
    "    warmup: 1s\n"
    "  phases:\n"
    "    - name: calm\n"
    "      duration: 10s\n"
    "      rate: 300\n"
    "    - name: burst\n"
    "      duration: 5s\n"
    "      rate: 3000\n"
    "\n"
    "An option is a flag of 'ccbus bench MODE' without its dashes, channel, chaincode, or\n"
    "arguments: a list, as in -c. tests/load/ has examples.";

class ProgressPrinter final : public load::RunObserver {
 public:
  explicit ProgressPrinter(const load::Scenario& scenario) : scenario_(scenario) {}

  void on_begin(std::size_t plan) override {
    if (scenario_.phases.size() == 1) return;
    phase_ = std::to_string(plan + 1) + "/" + std::to_string(scenario_.phases.size()) + " " +
             scenario_.phases[plan].name + "  ";
  }
  void on_progress(const load::Progress& progress) override {
    line_.show(phase_ + format_bench_progress(progress));
  }

 private:
  const load::Scenario& scenario_;
  std::string phase_;
  ProgressLine line_;
};

ExitCode exit_code_of(const Error& error) {
  if (error.code == ErrorCode::kInvalid) return kUsage;
  return error.code == ErrorCode::kPeerGone ? kUnreachable : kRefused;
}

ExitCode failed(const Error& error, bool json) {
  if (json) {
    std::cout << nlohmann::ordered_json{{"ok", false}, {"message", error.message}}.dump() << "\n";
  }
  std::cerr << "ccbus bench: " << error.message << "\n";
  return exit_code_of(error);
}

Result<load::ScenarioResult> run(const load::Scenario& scenario, const load::RunOptions& options) {
  ProgressPrinter progress(scenario);
  auto results = load::run_load(scenario.plans(), options, progress);
  if (!results) return unexpected(results.error());
  load::ScenarioResult result{scenario.name, scenario.shows, {}};
  for (std::size_t i = 0; i < results->size(); ++i) {
    result.phases.push_back({scenario.phases[i].name, std::move((*results)[i])});
  }
  return result;
}

ExitCode bench(const Result<load::Scenario>& scenario, const BenchServiceOptions& service,
               BenchOutputs& outputs) {
  if (!scenario) return failed(scenario.error(), outputs.json());
  if (auto prepared = outputs.prepare(); !prepared) {
    return failed(prepared.error(), outputs.json());
  }
  const auto result = run(*scenario, service.run_options());
  if (!result) return failed(result.error(), outputs.json());
  return outputs.deliver(*result);
}

// The flags of one sub-command. `What` is the part that determines what is run.
template <class What>
struct BenchOptions {
  What what;
  BenchServiceOptions service;
  BenchOutputs outputs;
};

template <class What>
void finish_command(CLI::App& command, const std::shared_ptr<BenchOptions<What>>& options,
                    ExitCode& exit_code) {
  options->service.add_to(command);
  options->outputs.add_to(command);
  command.callback([options, &exit_code] {
    exit_code = bench(options->what.scenario(), options->service, options->outputs);
  });
}

void add_mode(CLI::App& parent, const ModeHelp& help, ExitCode& exit_code) {
  const auto options = std::make_shared<BenchOptions<BenchPlanOptions>>();
  CLI::App& command =
      *parent.add_subcommand(std::string(load::to_string(help.mode)), help.description);
  options->what.add_to(command, help.mode);
  command.footer("\nExamples:\n" + std::string(help.examples) + "\n\n" + kBenchExitCodes);
  finish_command(command, options, exit_code);
}

void add_scenarios(CLI::App& parent, ExitCode& exit_code) {
  const auto options = std::make_shared<BenchOptions<BenchScenarioOptions>>();
  CLI::App& command = *parent.add_subcommand("run", "Run a scenario: several loads, from a file");
  options->what.add_to(command);
  command.footer("\n" + std::string(kScenarioFormat) +
                 "\n\nExamples:\n"
                 "  ccbus bench run tests/load/burst.yaml --embedded --report burst.html\n"
                 "  ccbus bench run tests/load/steady.yaml --address tcp://127.0.0.1:7051\n\n" +
                 kBenchExitCodes);
  finish_command(command, options, exit_code);
}

void add_dealers(CLI::App& app, ExitCode& exit_code) {
  const auto options = std::make_shared<load::DealerOptions>();
  CLI::App& command = *app.add_subcommand("bench-dealers", "The chaincode process of bench");
  command.group("");  // Hidden from --help: only `ccbus bench` itself starts it.
  command.add_option("--endpoint", options->endpoint)->required();
  command.add_option("--name", options->name)->required();
  command.add_option("--dealers", options->dealers)->required();
  command.add_flag("--on-sdk", options->on_sdk);
  command.add_option("--key", options->key);
  command.add_option("--server-key", options->server_key);
  command.callback([options, &exit_code] {
    if (!options->key.empty()) forbid_memory_dumps();
    exit_code = load::run_dealers(*options) == 0 ? kSuccess : kRefused;
  });
}

}  // namespace

void add_bench_command(CLI::App& app, ExitCode& exit_code) {
  CLI::App& command = *app.add_subcommand("bench", "Put load on a service and measure the results");
  command.require_subcommand(1);
  command.footer(std::string("\nExample:\n  ccbus bench invoke --embedded --dealers 10\n\n") +
                 kBenchExitCodes);
  for (const ModeHelp& mode : kModes) add_mode(command, mode, exit_code);
  add_scenarios(command, exit_code);
  add_dealers(app, exit_code);
}

}  // namespace ccbus::cli
