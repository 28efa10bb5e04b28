// How long the service takes from exec to ready with a ledger of a million keys, after a clean stop
// and after kill -9 with blocks that the database had not flushed.
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/bench/bench_program.h"
#include "tests/bench/processor_time.h"
#include "tests/bench/service_driver.h"
#include "tests/bench/statistics.h"
#include "tests/support/process.h"
#include "tests/support/service_process.h"

namespace ccbus::bench {
namespace {

struct Plan {
  std::size_t rounds;
  std::size_t keys;
  std::size_t keys_before_kill;  // Written again before each kill.
};

class Bench {
 public:
  explicit Bench(const Plan& plan) : plan_(plan) {
    ServiceDriver driver({.settings = settings_});
    driver.store(plan_.keys);
    driver.finish(0);
  }

  [[nodiscard]] std::vector<double> run_round() {
    const ProcessorTime time;
    const double in_memory = start_ms({});
    write_and_kill();
    const double after_kill = start_ms(settings_);
    const double after_stop = start_ms(settings_);
    return {in_memory, after_stop, after_kill, time.steal_percent()};
  }

  // Throws std::runtime_error if the last key is missing.
  void finish() {
    using Message = protos::ChaincodeMessage;
    ServiceDriver driver({.settings = settings_});
    const Message transaction = driver.begin();
    const std::size_t last = plan_.keys - 1;
    driver.chaincode().send(
        in_transaction(transaction, Message::GET_STATE, get_state(ServiceDriver::key_of(last))));
    if (driver.chaincode().expect(Message::RESPONSE).payload() != ServiceDriver::value_of(last)) {
      throw std::runtime_error("the last key does not read as it was written");
    }
    driver.end(transaction);
    driver.finish(1);
  }

 private:
  void write_and_kill() {
    ServiceDriver driver({.settings = settings_});
    driver.store(plan_.keys_before_kill);
    driver.service().kill_now();
  }

  // Measures from before the fork to the line that reports ready, and then stops the service
  // cleanly.
  static double start_ms(const std::vector<std::string>& settings) {
    const auto start = Clock::now();
    const test::ServiceProcess service(settings);
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
  }

  const Plan plan_;
  const test::TemporaryDirectory directory_;
  const std::vector<std::string> settings_ = {"ledger.directory=" +
                                              (directory_.path() / "ledger").string()};
};

std::vector<FigureTable> measure(Amount amount) {
  const Plan plan = amount == Amount::kQuick ? Plan{1, 10'000, 2'000} : Plan{5, 1'000'000, 100'000};
  FigureTable table(
      "From exec to ready, a ledger of " + std::to_string(plan.keys) +
          " keys; before each kill -9 " + std::to_string(plan.keys_before_kill) +
          " of them were written again",
      {{"in memory ms", 1}, {"after stop ms", 1}, {"after kill ms", 1}, {"steal %", 1}});
  Bench bench(plan);
  for (std::size_t round = 0; round < plan.rounds; ++round) table.add_round(bench.run_round());
  bench.finish();
  return {table};
}

}  // namespace
}  // namespace ccbus::bench

int main(int argc, char** argv) {
  return ccbus::bench::run_bench(argc, argv,
                                 {"Measures the start of ccbusd on a ledger that is there."},
                                 ccbus::bench::measure);
}
