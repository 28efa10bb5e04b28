// How many invokes per second the service handles, each with one get, one put and an answer after
// its block is on disk. For comparison, the time of a sync of the disk alone, and the messages per
// second of a raw ROUTER echo, since an invoke needs eight messages.
#include <array>
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

// An echo of messages of the size of an average message of an invoke: one that carries a value.
Exchange sample() {
  const std::string message(InvokeDriver::kValueBytes + 100, 'm');
  return {message, message};
}

class Bench {
 public:
  Bench() : disk_(driver_.directory()), echo_(sample(), {.of_first = kEchoLanes}, {}) {}

  // One row for each of kInFlight.
  [[nodiscard]] std::vector<std::vector<double>> run_round(const Plan& plan) {
    const ProcessorTime time;
    const Figures sync = disk_.run(plan.syncs);
    Measurement echoes;
    echo_.run(echo_.lanes(), kEchoLanes, plan.echoes, echoes);
    const double echo_messages = 2 * echoes.figures().per_second;  // There and back.
    std::vector<std::vector<double>> rows;
    for (std::size_t i = 0; i < kInFlight.size(); ++i) {
      const Figures invokes = driver_.submit(kInFlight[i], plan.invokes[i]).figures();
      rows.push_back({invokes.per_second, invokes.p50_us / 1000, invokes.p99_us / 1000,
                      invokes.cpu_us, sync.p50_us / 1000, echo_messages,
                      invokes.per_second / (echo_messages / kMessages)});
    }
    for (std::vector<double>& row : rows) row.push_back(time.steal_percent());
    return rows;
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

std::vector<FigureTable> measure(Amount amount) {
  const Plan plan = amount == Amount::kQuick ? kQuick : Plan{};
  std::vector<FigureTable> tables;
  for (const std::size_t in_flight : kInFlight) {
    tables.emplace_back("Invokes of one get and one put of " +
                            std::to_string(InvokeDriver::kValueBytes) +
                            " bytes, answered after the sync, " + std::to_string(in_flight) +
                            " in flight | the disk's sync | a raw ROUTER echo's messages, and the "
                            "share of an eighth of them",
                        std::vector<FigureTable::Column>{{"per s"},
                                                         {"p50 ms", 2},
                                                         {"p99 ms", 2},
                                                         {"cpu us", 1},
                                                         {"sync ms", 2},
                                                         {"echo msg/s"},
                                                         {"share", 2},
                                                         {"steal %", 1}});
  }
  Bench bench;
  for (std::size_t round = 0; round < plan.rounds; ++round) {
    const auto rows = bench.run_round(plan);
    for (std::size_t i = 0; i < rows.size(); ++i) tables[i].add_round(rows[i]);
  }
  bench.finish();
  return tables;
}

}  // namespace
}  // namespace ccbus::bench

int main(int argc, char** argv) {
  return ccbus::bench::run_bench(
      argc, argv, {"Measures invokes a second through ccbusd, committed to a real disk."},
      ccbus::bench::measure);
}
