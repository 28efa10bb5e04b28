#include "service/cli/bench_options.h"

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "service/cli/argument_checks.h"
#include "service/cli/chaincode_input.h"
#include "service/duration.h"

namespace ccbus::cli {
namespace {

using load::Mode;

// Of an open loop, where the rate and not the room is to decide.
constexpr std::uint32_t kOpenLoopInFlight = 1'000;

// The directory of this program: ccbusd is beside it.
std::filesystem::path program_directory() {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path();
}

void add_duration(CLI::App& command, const std::string& flag, std::chrono::milliseconds& to,
                  const std::string& help) {
  command
      .add_option_function<std::string>(
          flag,
          [&to, flag](const std::string& text) {
            const auto parsed = parse_duration(text);
            if (!parsed) throw CLI::ValidationError(flag, parsed.error().message);
            to = *parsed;
          },
          help)
      ->default_str(format_duration(to));
}

template <class Number>
CLI::Option* add_number(CLI::App& command, const std::string& flag, Number& to,
                        const std::string& help) {
  return command.add_option(flag, to, help)->check(check_number)->capture_default_str();
}

void add_who(BenchOptions& options, CLI::App& command) {
  load::WorkloadPlan& plan = options.plan;
  if (plan.mode != Mode::kConnect) {
    add_number(command, "--dealers", plan.dealers, "Chaincode connections to start");
    add_number(command, "--chaincode-processes", plan.chaincode_processes,
               "Processes that they are spread over");
    add_number(command, "--clients", plan.clients, "Client connections");
  }
  const char* const each = plan.mode == Mode::kHandler   ? "Open transactions of each dealer"
                           : plan.mode == Mode::kConnect ? "Chaincodes that come and go at once"
                                                         : "Requests of each client under way";
  add_number(command, "--in-flight", plan.in_flight, each)->each([&options](const std::string&) {
    options.in_flight_given = true;
  });
}

void add_when(BenchOptions& options, CLI::App& command) {
  load::WorkloadPlan& plan = options.plan;
  if (plan.mode != Mode::kHandler) {
    command.add_option("--rate", plan.rate,
                       "Open loop: Poisson arrivals each second, whether or not the service keeps "
                       "up. Without it a closed loop: an answer makes room for the next request");
  }
  add_duration(command, "--duration", plan.duration, "How long to measure");
  add_duration(command, "--warmup", plan.warmup, "The same load before, not measured");
  add_number(command, "--seed", plan.seed, "Two runs of one seed send the same requests");
}

void add_what(BenchOptions& options, CLI::App& command) {
  load::WorkloadPlan& plan = options.plan;
  if (plan.mode == Mode::kConnect) return;
  const bool writes = plan.mode == Mode::kInvoke || plan.mode == Mode::kMixed;
  const bool runs = plan.mode != Mode::kHandler;
  if (runs) add_number(command, "--gets", plan.gets, "Keys that a transaction reads");
  if (writes) {
    add_number(command, "--puts", plan.puts, "Keys that it writes: those that it read first");
  }
  if (runs) add_number(command, "--range", plan.range, "Keys of one range that it reads");
  add_number(command, "--payload-bytes", plan.payload_bytes, "Bytes of a value");
  add_number(command, "--keys", plan.keys,
             "Keys to choose from, written before. 0: every access is to a new key");
  add_number(command, "--hot-keys", plan.hot_keys,
             "Contention: choose from the first so many. 0: from all");
  command.add_option("--hot-share", plan.hot_share, "Share of the accesses that go to hot keys")
      ->capture_default_str();
  if (plan.mode == Mode::kMixed) {
    command.add_option("--query-share", plan.query_share, "Share of queries, 0 to 1")
        ->capture_default_str();
    command.add_option("--churn", plan.churn, "Dealers that register again, each second");
  }
}

void add_where(BenchOptions& options, CLI::App& command) {
  load::WorkloadPlan& plan = options.plan;
  command.add_option("--address", options.address, "The service's client endpoint")
      ->envname("CCBUS_ADDRESS")
      ->capture_default_str();
  command.add_option("--chaincode-address", options.chaincode_address,
                     "The service's endpoint for chaincode; as the service says if not given");
  CLI::Option* const embedded = command.add_flag(
      "--embedded", options.embedded,
      "Start a ccbusd for the run, with a ledger in a temporary directory, and stop it after");
  command
      .add_option("--set", options.settings,
                  "section.key=value for it; ledger.directory=:memory: leaves out the disk")
      ->allow_extra_args(false)
      ->needs(embedded);
  command.add_option("-n,--chaincode", plan.chaincode, "The chaincode's name")
      ->capture_default_str();
  if (plan.mode == Mode::kConnect) return;
  command.add_option("-C,--channelID", plan.channel, "The channel")->capture_default_str();
  add_number(command, "--channels", plan.channels,
             "Above 1: so many channels, named after -C with a number");
  if (plan.mode == Mode::kHandler) return;
  command.add_option(
      "-c,--ctor", options.input,
      "What to call in a chaincode that is connected already; {{n}}, {{key}} and "
      R"({{payload}} are filled in: {"Args":["CreateAsset","a{{n}}","{{payload}}"]})");
}

}  // namespace

void BenchOptions::add_to(CLI::App& command, Mode mode) {
  plan.mode = mode;
  add_who(*this, command);
  add_when(*this, command);
  add_what(*this, command);
  add_where(*this, command);
  command.add_flag("--json", json, "Print the whole result as one JSON object");
}

Result<load::RunOptions> BenchOptions::run_options() const {
  load::RunOptions options;
  options.plan = plan;
  if (!input.empty()) {
    auto arguments = parse_chaincode_input(input);
    if (!arguments) return unexpected(arguments.error());
    options.plan.arguments = std::move(*arguments);
  }
  if (plan.is_open_loop() && !in_flight_given) {
    options.plan.in_flight = std::max(1u, kOpenLoopInFlight / std::max(1u, plan.clients));
  }
  if (auto checked = load::validate(options.plan); !checked) return unexpected(checked.error());
  options.client_address = address;
  options.chaincode_address = chaincode_address;
  options.dealer_program = {"/proc/self/exe", "bench-dealers"};
  if (embedded) {
    options.embedded = load::RunOptions::Embedded{program_directory() / "ccbusd", settings};
  }
  return options;
}

}  // namespace ccbus::cli
