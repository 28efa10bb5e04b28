// How much a GET_STATE costs more than the two messages that it needs: round trips to the real
// ccbusd beside round trips to a raw ROUTER echo, with the same sizes and the same processes.
#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "tests/bench/bench_program.h"
#include "tests/bench/processor_time.h"
#include "tests/bench/raw_echo.h"
#include "tests/bench/state_reader.h"

namespace ccbus::bench {
namespace {

// A round is a number of slices, first the one side and then the other, so short that both get the
// same share of whatever else the machine does.
struct Plan {
  std::size_t rounds = 9;
  std::size_t slices = 20;
  std::size_t keys = 10'000;
  std::size_t round_trips_alone = 250;       // At 1 in flight, each side and slice.
  std::size_t round_trips_together = 4'000;  // At 64.
};

constexpr Plan kQuick = {2, 2, 500, 150, 1'500};
constexpr std::size_t kLanes = 64;

struct Round {
  Figures raw;
  Figures service;
  double steal_percent = 0;

  [[nodiscard]] double latency_ratio() const { return service.p50_us / raw.p50_us; }
  [[nodiscard]] double rate_ratio() const { return service.per_second / raw.per_second; }
  [[nodiscard]] double cpu_ratio() const { return service.cpu_us / raw.cpu_us; }
};

struct Comparison {
  std::string name;
  std::vector<Round> rounds;
};

// The service and the echo, with the same lanes on the same number of dealers.
class Bench {
 public:
  Bench(const Plan& plan, const LaneShape& shape)
      : plan_(plan), reader_(plan.keys, shape, {}), echo_(reader_.sample(), shape, {}) {}

  // `count` round trips in each slice.
  [[nodiscard]] Comparison compare(const std::string& name, std::size_t in_flight,
                                   std::size_t count) {
    static_cast<void>(run_round(in_flight, count));  // To warm up.
    Comparison comparison{name, {}};
    for (std::size_t number = 0; number < plan_.rounds; ++number) {
      comparison.rounds.push_back(run_round(in_flight, count));
    }
    return comparison;
  }

  void finish() {
    reader_.finish();
    echo_.finish();
  }

 private:
  Round run_round(std::size_t in_flight, std::size_t count) {
    const ProcessorTime time;
    Measurement raw;
    Measurement service;
    for (std::size_t slice = 0; slice < plan_.slices; ++slice) {
      echo_.run(std::span(echo_.lanes()).first(in_flight), in_flight, count, raw);
      reader_.run(std::span(reader_.lanes()).first(in_flight), in_flight, count, service);
    }
    return {raw.figures(), service.figures(), time.steal_percent()};
  }

  const Plan plan_;
  StateReader reader_;
  RawEcho echo_;
};

Round median_round(const std::vector<Round>& rounds) {
  const auto figures = [&](Figures Round::*side) {
    return Figures{median_of(rounds, [&](const Round& r) { return (r.*side).p50_us; }),
                   median_of(rounds, [&](const Round& r) { return (r.*side).p99_us; }),
                   median_of(rounds, [&](const Round& r) { return (r.*side).per_second; }),
                   median_of(rounds, [&](const Round& r) { return (r.*side).cpu_us; })};
  };
  return {figures(&Round::raw), figures(&Round::service),
          median_of(rounds, [](const Round& r) { return r.steal_percent; })};
}

struct Ratio {
  const char* name;
  const char* key;
  double (Round::*of)() const;
};

// ccbusd's over the echo's.
constexpr std::array<Ratio, 3> kRatios = {{{"p50", "p50_ratio", &Round::latency_ratio},
                                           {"per s", "rate_ratio", &Round::rate_ratio},
                                           {"cpu", "cpu_ratio", &Round::cpu_ratio}}};

double median_ratio(const Comparison& comparison, const Ratio& ratio) {
  return median_of(comparison.rounds, [&](const Round& round) { return (round.*ratio.of)(); });
}

void print_figures(const std::string& name, const Round& round) {
  std::printf("  %-6s", name.c_str());
  for (const Figures& side : {round.raw, round.service}) {
    std::printf(" | %7.1f %7.1f %7.0f %6.1f", side.p50_us, side.p99_us, side.per_second,
                side.cpu_us);
  }
  std::printf(" |");
}

void print(const Comparison& comparison) {
  std::printf("GET_STATE of %zu bytes, %s: a raw ROUTER echo | ccbusd | ratios\n",
              StateReader::kValueBytes, comparison.name.c_str());
  std::printf("  %-6s", "round");
  for (int side = 0; side < 2; ++side) {
    std::printf(" | %7s %7s %7s %6s", "p50 us", "p99 us", "per s", "cpu us");
  }
  std::printf(" |");
  for (const Ratio& ratio : kRatios) std::printf(" %6s", ratio.name);
  std::printf(" | %5s\n", "steal");
  for (std::size_t i = 0; i < comparison.rounds.size(); ++i) {
    const Round& round = comparison.rounds[i];
    print_figures(std::to_string(i + 1), round);
    for (const Ratio& ratio : kRatios) std::printf(" %6.2f", (round.*ratio.of)());
    std::printf(" | %5.1f\n", round.steal_percent);
  }
  const Round middle = median_round(comparison.rounds);
  print_figures("median", middle);
  for (const Ratio& ratio : kRatios) std::printf(" %6.2f", median_ratio(comparison, ratio));
  std::printf(" | %5.1f\n", middle.steal_percent);
}

nlohmann::json to_json(const Figures& figures) {
  return {{"p50_us", figures.p50_us},
          {"p99_us", figures.p99_us},
          {"per_second", figures.per_second},
          {"cpu_us", figures.cpu_us}};
}

nlohmann::json to_json(const Comparison& comparison) {
  nlohmann::json rounds = nlohmann::json::array();
  for (const Round& round : comparison.rounds) {
    rounds.push_back({{"raw", to_json(round.raw)},
                      {"ccbusd", to_json(round.service)},
                      {"steal_percent", round.steal_percent}});
  }
  const Round middle = median_round(comparison.rounds);
  nlohmann::json all = {{"name", comparison.name},
                        {"value_bytes", StateReader::kValueBytes},
                        {"raw", to_json(middle.raw)},
                        {"ccbusd", to_json(middle.service)},
                        {"rounds", rounds}};
  for (const Ratio& ratio : kRatios) all[ratio.key] = median_ratio(comparison, ratio);
  return all;
}

std::vector<Comparison> measure(const Plan& plan) {
  std::vector<Comparison> all;
  {
    Bench one_dealer(plan, {.of_first = kLanes});
    all.push_back(one_dealer.compare("1 in flight", 1, plan.round_trips_alone));
    all.push_back(one_dealer.compare("64 in flight", kLanes, plan.round_trips_together));
    one_dealer.finish();
  }
  Bench dealers(plan, {.more_connections = kLanes - 1});
  all.push_back(dealers.compare("64 dealers", kLanes, plan.round_trips_together));
  dealers.finish();
  return all;
}

void run(const Arguments& arguments) {
  const Plan plan = arguments.amount == Amount::kQuick ? kQuick : Plan{};
  const std::vector<Comparison> all = measure(plan);
  if (!arguments.json) {
    for (const Comparison& comparison : all) print(comparison);
    return;
  }
  nlohmann::json array = nlohmann::json::array();
  for (const Comparison& comparison : all) array.push_back(to_json(comparison));
  std::printf("%s\n", array.dump().c_str());
}

}  // namespace
}  // namespace ccbus::bench

int main(int argc, char** argv) {
  return ccbus::bench::run_program(
      argc, argv,
      {"Compares GET_STATE round trips through ccbusd with those of a raw ROUTER echo."},
      ccbus::bench::run);
}
