// How many transactions are valid and how many conflict if all write the same few keys: 64 open
// invokes, each of which reads and writes one of 1, 10, 100 or 1,000 keys.
#include <array>
#include <chrono>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/bench/bench_program.h"
#include "tests/bench/invoke_driver.h"
#include "tests/bench/processor_time.h"
#include "tests/bench/statistics.h"

namespace ccbus::bench {
namespace {

constexpr std::size_t kInFlight = 64;
constexpr std::array<std::size_t, 4> kHotKeys = {1, 10, 100, 1'000};

struct Plan {
  std::size_t rounds;
  std::size_t invokes;  // In each round, for each number of keys.
};

// All invokes use one service; a round uses one number of keys.
class Bench {
 public:
  [[nodiscard]] std::vector<double> run_round(std::size_t keys, std::size_t invokes) {
    const ProcessorTime time;
    const std::uint64_t valid_before = driver_.valid();
    const auto start = Clock::now();
    std::size_t sent = 0;
    for (; sent < kInFlight && sent < invokes; ++sent) send_one(keys);
    for (std::size_t answered = 0; answered < invokes; ++answered) {
      static_cast<void>(driver_.receive());
      if (sent == invokes) continue;
      send_one(keys);
      ++sent;
    }
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    const auto valid = static_cast<double>(driver_.valid() - valid_before);
    const double conflicts = static_cast<double>(invokes) - valid;
    return {valid / seconds, conflicts / seconds, 100 * valid / static_cast<double>(invokes),
            time.steal_percent()};
  }

  // Throws std::runtime_error unless the service counted the same.
  void finish() {
    if (driver_.valid() == 0) throw std::runtime_error("no transaction was valid");
    driver_.finish();
  }

 private:
  void send_one(std::size_t keys) { driver_.send("hot" + std::to_string(random_() % keys)); }

  InvokeDriver driver_;
  std::mt19937 random_{1};  // The same keys in every run.
};

std::vector<FigureTable> measure(Amount amount) {
  const Plan plan = amount == Amount::kQuick ? Plan{1, 300} : Plan{7, 4'000};
  Bench bench;
  std::vector<FigureTable> tables;
  for (const std::size_t keys : kHotKeys) {
    tables.emplace_back("64 invokes in flight on hot keys: " + std::to_string(keys),
                        std::vector<FigureTable::Column>{
                            {"valid/s"}, {"conflicts/s"}, {"valid %", 1}, {"steal %", 1}});
  }
  static_cast<void>(bench.run_round(kHotKeys.back(), plan.invokes));  // To warm up.
  for (std::size_t round = 0; round < plan.rounds; ++round) {
    for (std::size_t i = 0; i < kHotKeys.size(); ++i) {
      tables[i].add_round(bench.run_round(kHotKeys[i], plan.invokes));
    }
  }
  bench.finish();
  return tables;
}

}  // namespace
}  // namespace ccbus::bench

int main(int argc, char** argv) {
  return ccbus::bench::run_bench(argc, argv,
                                 {"Measures invokes that conflict, committed to a real disk."},
                                 ccbus::bench::measure);
}
