// How much more a GET_STATE costs than the two messages that it needs: round trips to the real
// ccbusd beside round trips to a raw ROUTER echo, with the same sizes and the same processes.
#include <span>
#include <string>
#include <vector>

#include "tests/bench/bench_program.h"
#include "tests/bench/processor_time.h"
#include "tests/bench/raw_echo.h"
#include "tests/bench/state_reader.h"

namespace ccbus::bench {
namespace {

// A round consists of slices that alternate between the two sides, so short that other work on the
// machine affects both equally.
struct Plan {
  std::size_t rounds = 9;
  std::size_t slices = 20;
  std::size_t keys = 10'000;
  std::size_t round_trips_alone = 250;       // At 1 in flight, each side and slice.
  std::size_t round_trips_together = 4'000;  // At 64.
};

constexpr Plan kQuick = {2, 2, 500, 150, 1'500};
constexpr std::size_t kLanes = 64;

// The service and the echo, with the same lanes on the same number of dealers.
class Bench {
 public:
  Bench(const Plan& plan, const LaneShape& shape)
      : plan_(plan), reader_(plan.keys, shape, {}), echo_(reader_.sample(), shape, {}) {}

  // `count` round trips of each side in each slice.
  [[nodiscard]] FigureTable compare(const std::string& name, std::size_t in_flight,
                                    std::size_t count) {
    FigureTable table("GET_STATE of " + std::to_string(StateReader::kValueBytes) + " bytes, " +
                          name + ": a raw ROUTER echo | ccbusd | ratios",
                      {{"echo p50", 1},
                       {"echo p99", 1},
                       {"echo/s"},
                       {"echo cpu", 1},
                       {"p50 us", 1},
                       {"p99 us", 1},
                       {"per s"},
                       {"cpu us", 1},
                       {"p50 ratio", 2},
                       {"rate ratio", 2},
                       {"cpu ratio", 2},
                       {"steal %", 1}});
    static_cast<void>(run_round(in_flight, count));  // To warm up.
    for (std::size_t number = 0; number < plan_.rounds; ++number) {
      table.add_round(run_round(in_flight, count));
    }
    return table;
  }

  void finish() {
    reader_.finish();
    echo_.finish();
  }

 private:
  std::vector<double> run_round(std::size_t in_flight, std::size_t count) {
    const ProcessorTime time;
    Measurement raw;
    Measurement service;
    for (std::size_t slice = 0; slice < plan_.slices; ++slice) {
      echo_.run(std::span(echo_.lanes()).first(in_flight), in_flight, count, raw);
      reader_.run(std::span(reader_.lanes()).first(in_flight), in_flight, count, service);
    }
    const Figures echo = raw.figures();
    const Figures ours = service.figures();
    return {echo.p50_us,
            echo.p99_us,
            echo.per_second,
            echo.cpu_us,
            ours.p50_us,
            ours.p99_us,
            ours.per_second,
            ours.cpu_us,
            ours.p50_us / echo.p50_us,
            ours.per_second / echo.per_second,
            ours.cpu_us / echo.cpu_us,
            time.steal_percent()};
  }

  const Plan plan_;
  StateReader reader_;
  RawEcho echo_;
};

std::vector<FigureTable> measure(Amount amount) {
  const Plan plan = amount == Amount::kQuick ? kQuick : Plan{};
  std::vector<FigureTable> all;
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

}  // namespace
}  // namespace ccbus::bench

int main(int argc, char** argv) {
  return ccbus::bench::run_bench(
      argc, argv,
      {"Compares GET_STATE round trips through ccbusd with those of a raw ROUTER echo."},
      ccbus::bench::measure);
}
