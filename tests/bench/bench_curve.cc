// What CURVE adds to a GET_STATE, beside what it adds to a raw ROUTER echo of the same sizes: the
// processor time of the server for a round trip with keys, less that without.
#include <string>
#include <vector>

#include "tests/bench/bench_program.h"
#include "tests/bench/processor_time.h"
#include "tests/bench/raw_echo.h"
#include "tests/bench/state_reader.h"
#include "tests/support/key_ring.h"

namespace ccbus::bench {
namespace {

struct Plan {
  std::size_t rounds = 9;
  std::size_t slices = 20;  // So short that other work on the machine affects all sides equally.
  std::size_t keys = 10'000;
  std::size_t round_trips = 4'000;  // Each side and slice.
};

constexpr Plan kQuick = {2, 2, 500, 500};
constexpr std::size_t kInFlight = 64;

// The service and the echo, with or without keys.
class Pair {
 public:
  Pair(const Plan& plan, const LaneShape& shape, const ServiceDriver::Options& service,
       const RawEcho::Options& echo)
      : reader_(plan.keys, shape, service), echo_(reader_.sample(), shape, echo) {}

  void run(std::size_t round_trips) {
    echo_.run(echo_.lanes(), kInFlight, round_trips, of_echo);
    reader_.run(reader_.lanes(), kInFlight, round_trips, of_service);
  }
  void finish() {
    reader_.finish();
    echo_.finish();
  }

  Measurement of_echo;
  Measurement of_service;

 private:
  StateReader reader_;
  RawEcho echo_;
};

std::vector<double> run_round(const Plan& plan, Pair& plain, Pair& with_keys) {
  const ProcessorTime time;
  for (Pair* pair : {&plain, &with_keys}) pair->of_echo = pair->of_service = Measurement();
  for (std::size_t slice = 0; slice < plan.slices; ++slice) {
    plain.run(plan.round_trips);
    with_keys.run(plan.round_trips);
  }
  const Figures echo = plain.of_echo.figures();
  const Figures curve_echo = with_keys.of_echo.figures();
  const Figures service = plain.of_service.figures();
  const Figures curve_service = with_keys.of_service.figures();
  const double echo_added = curve_echo.cpu_us - echo.cpu_us;
  const double added = curve_service.cpu_us - service.cpu_us;
  return {echo.per_second,    curve_echo.per_second,    echo_added,
          service.per_second, curve_service.per_second, added,
          added / echo_added, time.steal_percent()};
}

std::vector<FigureTable> measure(Amount amount) {
  const Plan plan = amount == Amount::kQuick ? kQuick : Plan{};
  test::KeyRing ring;
  const curve::Keys keys =
      ring.allow("bench", {{"register", "*"}, {"channels", "*"}, {"rights", "all"}});
  const LaneShape shape{.of_first = kInFlight};
  Pair plain(plan, shape, {}, {});
  Pair with_keys(plan, shape, {.settings = ring.settings(), .keys = keys},
                 {.keys = keys, .server_secret_key = ring.server().secret_key});
  FigureTable table(
      "GET_STATE, 64 in flight on one dealer, with CURVE: a raw ROUTER echo without "
      "and with keys, the cpu added | ccbusd the same",
      {{"echo/s"},
       {"curve/s"},
       {"added us", 2},
       {"per s"},
       {"curve per s"},
       {"cpu us added", 2},
       {"ratio", 2},
       {"steal %", 1}});
  static_cast<void>(run_round(plan, plain, with_keys));  // To warm up.
  for (std::size_t round = 0; round < plan.rounds; ++round) {
    table.add_round(run_round(plan, plain, with_keys));
  }
  plain.finish();
  with_keys.finish();
  return {table};
}

}  // namespace
}  // namespace ccbus::bench

int main(int argc, char** argv) {
  return ccbus::bench::run_bench(
      argc, argv, {"Compares what CURVE adds to GET_STATE with what it adds to a raw ROUTER echo."},
      ccbus::bench::measure);
}
