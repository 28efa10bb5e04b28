// How many invokes a second the service takes, each with one get, one put and an answer that comes
// after its block is on the disk; beside it what the disk alone takes for a sync, and how many
// messages a second a raw ROUTER echo takes: the bound of all that needs eight of them.
#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/bench/bench_program.h"
#include "tests/bench/disk_probe.h"
#include "tests/bench/invoke_driver.h"
#include "tests/bench/processor_time.h"
#include "tests/bench/raw_echo.h"
#include "tests/bench/statistics.h"

namespace ccbus::bench {
namespace {

constexpr std::array<std::size_t, 3> kInFlight = {1, 16, 64};

// The client's request, TRANSACTION, GET_STATE, RESPONSE, PUT_STATE, RESPONSE, COMPLETED, the
// client's reply.
constexpr double kMessages = 8;
constexpr std::size_t kEchoLanes = 64;

struct Plan {
  std::size_t rounds = 7;
  std::size_t syncs = 100;
  std::array<std::size_t, 3> invokes = {200, 2'000, 8'000};  // By kInFlight, each round.
  std::size_t echoes = 50'000;
};

constexpr Plan kQuick = {1, 10, {10, 100, 400}, 1'000};

struct Round {
  Figures disk;
  Figures echo;
  std::array<Figures, 3> invokes;
  double steal_percent = 0;

  // With the most in flight, of what eight messages of the echo's would allow.
  [[nodiscard]] double share_of_echo() const {
    const double messages_per_second = 2 * echo.per_second;  // There and back.
    return invokes.back().per_second / (messages_per_second / kMessages);
  }
};

// An echo of messages as large as an invoke's are in the middle: one that brings a value.
Exchange sample() {
  const std::string message(InvokeDriver::kValueBytes + 100, 'm');
  return {message, message};
}

class Bench {
 public:
  Bench()
      : driver_({}), disk_(driver_.directory()), echo_(sample(), {.of_first = kEchoLanes}, {}) {}

  [[nodiscard]] Round run_round(const Plan& plan) {
    const ProcessorTime time;
    Round round;
    round.disk = disk_.run(plan.syncs);
    Measurement echoes;
    echo_.run(echo_.lanes(), kEchoLanes, plan.echoes, echoes);
    round.echo = echoes.figures();
    for (std::size_t i = 0; i < kInFlight.size(); ++i) {
      round.invokes[i] = driver_.submit(kInFlight[i], plan.invokes[i]).figures();
    }
    round.steal_percent = time.steal_percent();
    return round;
  }

  void finish() {
    driver_.finish();
    echo_.finish();
  }

 private:
  InvokeDriver driver_;
  DiskProbe disk_;
  RawEcho echo_;
};

void print_row(const std::string& name, const Round& round, double share_of_echo) {
  std::printf("  %-7s %8.2f %9.0f", name.c_str(), round.disk.p50_us / 1000,
              2 * round.echo.per_second);
  for (const Figures& figures : round.invokes) {
    std::printf("   %7.0f %7.2f %7.2f %6.1f", figures.per_second, figures.p50_us / 1000,
                figures.p99_us / 1000, figures.cpu_us);
  }
  std::printf("   %5.2f %5.1f\n", share_of_echo, round.steal_percent);
}

Figures median_figures(const std::vector<Round>& rounds, const auto& pick) {
  return {median_of(rounds, [&](const Round& r) { return pick(r).p50_us; }),
          median_of(rounds, [&](const Round& r) { return pick(r).p99_us; }),
          median_of(rounds, [&](const Round& r) { return pick(r).per_second; }),
          median_of(rounds, [&](const Round& r) { return pick(r).cpu_us; })};
}

Round median_round(const std::vector<Round>& rounds) {
  Round middle;
  middle.disk = median_figures(rounds, [](const Round& r) { return r.disk; });
  middle.echo = median_figures(rounds, [](const Round& r) { return r.echo; });
  for (std::size_t i = 0; i < kInFlight.size(); ++i) {
    middle.invokes[i] = median_figures(rounds, [i](const Round& r) { return r.invokes[i]; });
  }
  middle.steal_percent = median_of(rounds, [](const Round& r) { return r.steal_percent; });
  return middle;
}

double median_share(const std::vector<Round>& rounds) {
  return median_of(rounds, [](const Round& r) { return r.share_of_echo(); });
}

void print(const std::vector<Round>& rounds) {
  std::printf(
      "Invokes: one get, one put of %zu bytes, answered after the sync; of echo: of an "
      "eighth of the raw echo's messages\n",
      InvokeDriver::kValueBytes);
  std::printf("  %-7s %8s %9s", "", "sync ms", "echo m/s");
  for (const std::size_t in_flight : kInFlight) {
    std::printf("   %2zu: per s %7s %7s %6s", in_flight, "p50 ms", "p99 ms", "cpu us");
  }
  std::printf("   %5s %5s\n", "of echo", "steal");
  for (std::size_t i = 0; i < rounds.size(); ++i) {
    print_row(std::to_string(i + 1), rounds[i], rounds[i].share_of_echo());
  }
  print_row("median", median_round(rounds), median_share(rounds));
}

nlohmann::json to_json(const Round& round, double share_of_echo) {
  nlohmann::json invokes = nlohmann::json::array();
  for (std::size_t i = 0; i < kInFlight.size(); ++i) {
    invokes.push_back({{"in_flight", kInFlight[i]},
                       {"per_second", round.invokes[i].per_second},
                       {"p50_us", round.invokes[i].p50_us},
                       {"p99_us", round.invokes[i].p99_us},
                       {"cpu_us", round.invokes[i].cpu_us}});
  }
  return {{"sync_p50_us", round.disk.p50_us},
          {"sync_p99_us", round.disk.p99_us},
          {"echo_messages_per_second", 2 * round.echo.per_second},
          {"invokes", invokes},
          {"share_of_echo", share_of_echo},
          {"steal_percent", round.steal_percent}};
}

void run(const Arguments& arguments) {
  const Plan plan = arguments.amount == Amount::kQuick ? kQuick : Plan{};
  Bench bench;
  std::vector<Round> rounds;
  for (std::size_t i = 0; i < plan.rounds; ++i) rounds.push_back(bench.run_round(plan));
  bench.finish();
  if (!arguments.json) return print(rounds);
  nlohmann::json all = nlohmann::json::array();
  for (const Round& round : rounds) all.push_back(to_json(round, round.share_of_echo()));
  const nlohmann::json middle = to_json(median_round(rounds), median_share(rounds));
  std::printf("%s\n", nlohmann::json{{"median", middle}, {"rounds", all}}.dump().c_str());
}

}  // namespace
}  // namespace ccbus::bench

int main(int argc, char** argv) {
  return ccbus::bench::run_program(
      argc, argv, {"Measures invokes a second through ccbusd, committed to a real disk."},
      ccbus::bench::run);
}
