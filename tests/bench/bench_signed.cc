// What signatures add to a submit: the processor time of all three processes for a submit that the
// client signs, on a channel of one organisation, less that of one without signatures. For
// comparison, the operations that it needs at least, by OpenSSL alone: the client signs the
// proposal and the transaction, the service verifies both, and it endorses. Without signatures the
// service signs the proposal, so that chaincode has one.
#include <array>
#include <chrono>
#include <string>
#include <vector>

#include "tests/bench/bench_program.h"
#include "tests/bench/invoke_driver.h"
#include "tests/bench/processor_time.h"
#include "tests/bench/signature_times.h"
#include "tests/bench/statistics.h"

namespace ccbus::bench {
namespace {

constexpr std::array<std::size_t, 3> kInFlight = {1, 16, 64};
constexpr double kSigned = 3;
constexpr double kVerified = 2;

struct Plan {
  std::size_t rounds = 7;
  std::size_t operations = 5'000;
  std::array<std::size_t, 3> submits = {200, 2'000, 8'000};  // By kInFlight, each round.
};

constexpr Plan kQuick = {1, 10, {10, 100, 400}};

struct Cost {
  Figures figures;
  double all_us = 0;  // The processor time of service, chaincode and application for each.
};

Cost submit(InvokeDriver& driver, std::size_t in_flight, std::size_t count) {
  const auto used = [&driver] {
    return processor_time_of(driver.service()) + processor_time_of(driver.chaincode()) +
           own_processor_time();
  };
  const auto before = used();
  Cost cost;
  cost.figures = driver.submit(in_flight, count).figures();
  const std::chrono::duration<double, std::micro> all = used() - before;
  cost.all_us = all.count() / static_cast<double>(count);
  return cost;
}

std::vector<double> run_round(InvokeDriver& plain, InvokeDriver& with_signatures,
                              std::size_t in_flight, std::size_t count, std::size_t operations) {
  const ProcessorTime time;
  const SignatureTimes times = measure_signatures(operations);
  const double least = kSigned * times.sign_us + kVerified * times.verify_us;
  const Cost without = submit(plain, in_flight, count);
  const Cost with = submit(with_signatures, in_flight, count);
  const double added = with.all_us - without.all_us;
  return {without.figures.per_second,
          with.figures.per_second,
          with.figures.p50_us / 1000,
          with.figures.p99_us / 1000,
          without.all_us,
          with.all_us,
          added,
          least,
          added / least,
          time.steal_percent()};
}

std::vector<FigureTable> measure(Amount amount) {
  const Plan plan = amount == Amount::kQuick ? kQuick : Plan{};
  std::vector<FigureTable> tables;
  for (const std::size_t in_flight : kInFlight) {
    tables.emplace_back(
        "Submits without signatures | signed by the client and endorsed for one organisation | the "
        "signatures alone, " +
            std::to_string(in_flight) + " in flight",
        std::vector<FigureTable::Column>{{"plain per s"},
                                         {"signed per s"},
                                         {"p50 ms", 2},
                                         {"p99 ms", 2},
                                         {"plain us", 1},
                                         {"signed us", 1},
                                         {"added us", 1},
                                         {"least us", 1},
                                         {"ratio", 2},
                                         {"steal %", 1}});
  }
  InvokeDriver plain;
  InvokeDriver with_signatures({}, InvokeDriver::Signatures::kOfClient);
  for (std::size_t round = 0; round < plan.rounds; ++round) {
    for (std::size_t i = 0; i < kInFlight.size(); ++i) {
      tables[i].add_round(
          run_round(plain, with_signatures, kInFlight[i], plan.submits[i], plan.operations));
    }
  }
  plain.finish();
  with_signatures.finish();
  return tables;
}

}  // namespace
}  // namespace ccbus::bench

int main(int argc, char** argv) {
  return ccbus::bench::run_bench(
      argc, argv, {"Measures what the signatures of clients and endorsers add to a submit."},
      ccbus::bench::measure);
}
