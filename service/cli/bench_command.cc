#include "service/cli/bench_command.h"

#include <iostream>
#include <memory>
#include <string>

#include "service/cli/bench_options.h"
#include "service/cli/bench_report.h"
#include "service/cli/progress_line.h"
#include "service/load/dealer_process.h"
#include "service/load/result_json.h"

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
    {Mode::kConnect, "Chaincodes that come and go: connect, register, leave",
     "  ccbus bench connect --embedded --in-flight 32\n"
     "  ccbus bench connect --address tcp://127.0.0.1:7051 --rate 100"},
    {Mode::kMixed, "Invokes and queries side by side, and dealers that come back if asked for",
     "  ccbus bench mixed --embedded --query-share 0.8 --dealers 50\n"
     "  ccbus bench mixed --embedded --dealers 100 --churn 20"},
};

constexpr const char* kBenchExitCodes =
    "Exit codes: 0 all went well, 1 operations failed, counts do not add up or it could not run,\n"
    "2 wrong usage, 3 service unreachable. Conflicts are answers, not failures.";

class ProgressPrinter final : public load::RunObserver {
 public:
  void on_progress(const load::Progress& progress) override {
    line_.show(format_bench_progress(progress));
  }

 private:
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

ExitCode bench(const BenchOptions& options) {
  const auto run = options.run_options();
  if (!run) return failed(run.error(), options.json);
  const auto result = [&run] {
    ProgressPrinter progress;
    return load::run_load(*run, progress);
  }();
  if (!result) return failed(result.error(), options.json);
  const ExitCode exit_code = bench_exit_code(*result);
  if (!options.json) {
    std::cout << format_bench(*result);
    return exit_code;
  }
  nlohmann::ordered_json report = {{"ok", exit_code == kSuccess}};
  report.update(load::to_json(*result));
  std::cout << report.dump() << "\n";
  return exit_code;
}

void add_mode(CLI::App& parent, const ModeHelp& help, ExitCode& exit_code) {
  const auto options = std::make_shared<BenchOptions>();
  CLI::App& command =
      *parent.add_subcommand(std::string(load::to_string(help.mode)), help.description);
  options->add_to(command, help.mode);
  command.footer("\nExamples:\n" + std::string(help.examples) + "\n\n" + kBenchExitCodes);
  command.callback([options, &exit_code] { exit_code = bench(*options); });
}

void add_dealers(CLI::App& app, ExitCode& exit_code) {
  const auto options = std::make_shared<load::DealerOptions>();
  CLI::App& command = *app.add_subcommand("bench-dealers", "The chaincode process of bench");
  command.group("");  // Started by bench, not by people.
  command.add_option("--endpoint", options->endpoint)->required();
  command.add_option("--name", options->name)->required();
  command.add_option("--dealers", options->dealers)->required();
  command.callback([options, &exit_code] {
    exit_code = load::run_dealers(*options) == 0 ? kSuccess : kRefused;
  });
}

}  // namespace

void add_bench_command(CLI::App& app, ExitCode& exit_code) {
  CLI::App& command =
      *app.add_subcommand("bench", "Put load on a service and measure what comes of it");
  command.require_subcommand(1);
  command.footer(std::string("\nExample:\n  ccbus bench invoke --embedded --dealers 10\n\n") +
                 kBenchExitCodes);
  for (const ModeHelp& mode : kModes) add_mode(command, mode, exit_code);
  add_dealers(app, exit_code);
}

}  // namespace ccbus::cli
