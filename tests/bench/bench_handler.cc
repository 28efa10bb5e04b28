// How much a GET_STATE costs more than the two messages that it needs: round trips to the real
// ccbusd beside round trips to a raw ROUTER echo, with the same sizes and the same processes.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/bench/processor_time.h"
#include "tests/bench/round_trips.h"
#include "tests/bench/state_reader.h"
#include "tests/support/process.h"

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
};

struct Comparison {
  std::size_t in_flight;
  std::vector<Round> rounds;
};

// The echo server, and the lanes that talk to it.
class RawEcho {
 public:
  explicit RawEcho(const Exchange& sample)
      : process_({BENCH_RAW_ECHO_SERVER_BINARY, std::to_string(sample.reply.size())}),
        dealer_(make_dealer(context_, process_.read_line(std::chrono::seconds(10)))) {
    std::string reply = sample.request;
    reply.resize(sample.reply.size(), '\0');
    lanes_.assign(kLanes, Lane({{sample.request, reply}}));
  }

  void run(std::size_t in_flight, std::size_t count, Measurement& measured) {
    run_round_trips(dealer_, process_.pid(), std::span(lanes_).first(in_flight), count, measured);
  }

  // Throws std::runtime_error unless it ends as it should.
  void finish() {
    dealer_.send(zmq::message_t(), zmq::send_flags::none);
    if (process_.wait(std::chrono::seconds(10)) != 0) {
      throw std::runtime_error("the echo server failed");
    }
  }

 private:
  test::Process process_;
  zmq::context_t context_;
  zmq::socket_t dealer_;
  std::vector<Lane> lanes_;
};

class Bench {
 public:
  explicit Bench(const Plan& plan)
      : plan_(plan), reader_(plan.keys, kLanes), echo_(reader_.sample()) {}

  // `count` round trips in each slice.
  [[nodiscard]] Comparison compare(std::size_t in_flight, std::size_t count) {
    static_cast<void>(run_round(in_flight, count));  // To warm up.
    Comparison comparison{in_flight, {}};
    for (std::size_t number = 0; number < plan_.rounds; ++number) {
      comparison.rounds.push_back(run_round(in_flight, count));
    }
    return comparison;
  }

  void finish() {
    reader_.finish(reads_);
    echo_.finish();
  }

 private:
  Round run_round(std::size_t in_flight, std::size_t count) {
    const ProcessorTime time;
    Measurement raw;
    Measurement service;
    for (std::size_t slice = 0; slice < plan_.slices; ++slice) {
      echo_.run(in_flight, count, raw);
      run_round_trips(reader_.dealer(), reader_.service(),
                      std::span(reader_.lanes()).first(in_flight), count, service);
      reads_ += count;
    }
    return {raw.figures(), service.figures(), time.steal_percent()};
  }

  const Plan plan_;
  StateReader reader_;
  RawEcho echo_;
  std::uint64_t reads_ = 0;
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

void print_row(const std::string& name, const Round& round, double latency_ratio,
               double rate_ratio) {
  std::printf("  %-6s", name.c_str());
  for (const Figures& side : {round.raw, round.service}) {
    std::printf(" | %7.1f %7.1f %7.0f %6.1f", side.p50_us, side.p99_us, side.per_second,
                side.cpu_us);
  }
  std::printf(" | %6.2f %6.2f | %5.1f\n", latency_ratio, rate_ratio, round.steal_percent);
}

void print(const Comparison& comparison) {
  std::printf("GET_STATE of %zu bytes, %zu in flight: a raw ROUTER echo | ccbusd | ratios\n",
              StateReader::kValueBytes, comparison.in_flight);
  std::printf("  %-6s", "round");
  for (int side = 0; side < 2; ++side) {
    std::printf(" | %7s %7s %7s %6s", "p50 us", "p99 us", "per s", "cpu us");
  }
  std::printf(" | %6s %6s | %5s\n", "p50", "per s", "steal");
  for (std::size_t i = 0; i < comparison.rounds.size(); ++i) {
    const Round& round = comparison.rounds[i];
    print_row(std::to_string(i + 1), round, round.latency_ratio(), round.rate_ratio());
  }
  print_row("median", median_round(comparison.rounds),
            median_of(comparison.rounds, [](const Round& r) { return r.latency_ratio(); }),
            median_of(comparison.rounds, [](const Round& r) { return r.rate_ratio(); }));
}

nlohmann::json to_json(const Figures& figures) {
  return {
      {"p50_us", figures.p50_us}, {"p99_us", figures.p99_us}, {"per_second", figures.per_second}};
}

nlohmann::json to_json(const Comparison& comparison) {
  nlohmann::json rounds = nlohmann::json::array();
  for (const Round& round : comparison.rounds) {
    rounds.push_back({{"raw", to_json(round.raw)},
                      {"ccbusd", to_json(round.service)},
                      {"steal_percent", round.steal_percent}});
  }
  return {
      {"in_flight", comparison.in_flight},
      {"value_bytes", StateReader::kValueBytes},
      {"median_p50_ratio",
       median_of(comparison.rounds, [](const Round& r) { return r.latency_ratio(); })},
      {"median_rate_ratio",
       median_of(comparison.rounds, [](const Round& r) { return r.rate_ratio(); })},
      {"rounds", rounds},
  };
}

void run(const Plan& plan, bool json) {
  Bench bench(plan);
  const Comparison alone = bench.compare(1, plan.round_trips_alone);
  const Comparison together = bench.compare(kLanes, plan.round_trips_together);
  bench.finish();
  if (json) {
    std::printf("%s\n", nlohmann::json{to_json(alone), to_json(together)}.dump().c_str());
    return;
  }
  print(alone);
  print(together);
}

}  // namespace
}  // namespace ccbus::bench

int main(int argc, char** argv) {
  CLI::App app("Compares GET_STATE round trips through ccbusd with those of a raw ROUTER echo.");
  bool quick = false;
  bool json = false;
  app.add_flag("--quick", quick, "Little of everything: shows that it works, not how fast");
  app.add_flag("--json", json, "One JSON array in place of the tables");
  CLI11_PARSE(app, argc, argv);
  try {
    ccbus::bench::run(quick ? ccbus::bench::kQuick : ccbus::bench::Plan{}, json);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_handler: %s\n", error.what());
    return 1;
  }
}
