// How much more a message costs with thousands of connected dealers than with few, compared with
// the raw ROUTER echo with as many connections.
#include <algorithm>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "tests/bench/bench_program.h"
#include "tests/bench/processor_time.h"
#include "tests/bench/raw_echo.h"
#include "tests/bench/state_reader.h"

namespace ccbus::bench {
namespace {

constexpr std::size_t kInFlight = 64;
constexpr std::size_t kKeys = 10'000;

struct Plan {
  std::size_t rounds;
  std::size_t slices;
  std::size_t round_trips;  // In each slice, of each side; at least one for each dealer.
  std::vector<std::size_t> crowds;
};

// The driver holds one end of every connection, to the service and to the echo, and needs a
// descriptor for each.
std::size_t largest_crowd(std::size_t descriptors) {
  constexpr std::size_t kWanted = 10'000;
  constexpr std::size_t kKept = 800;  // For the small sets of connections, files, and so on.
  constexpr std::size_t kLeast = 1'000;
  if (descriptors < 2 * kLeast + kKept) {
    throw std::runtime_error("a limit of " + std::to_string(descriptors) +
                             " descriptors is too low: at least " +
                             std::to_string(2 * kLeast + kKept) + " are needed (ulimit -Hn)");
  }
  return std::min(kWanted, (descriptors - kKept) / 2);
}

Plan make_plan(Amount amount) {
  const std::size_t largest = largest_crowd(raise_descriptor_limit());
  if (amount == Amount::kQuick) return {1, 1, 1'000, {200}};
  return {3, 5, 4'000, {1'000, largest}};
}

// The service and the echo with the same connections: one dealer with all of kInFlight, and a crowd
// in which each dealer has one.
class Pair {
 public:
  explicit Pair(std::size_t crowd)
      : shape_{kInFlight, crowd},
        reader_(kKeys, shape_, {.sockets = Sockets::kOneRouter}),
        echo_(reader_.sample(), shape_, {.sockets = Sockets::kOneRouter}) {}

  struct Sides {
    Measurement echo;
    Measurement service;
  };

  void run_alone(std::size_t count, Sides& sides) { run(0, kInFlight, count, sides); }
  void run_crowd(std::size_t active, std::size_t count, Sides& sides) {
    run(shape_.of_first, active, count, sides);
  }

  void finish() {
    reader_.finish();
    echo_.finish();
  }

 private:
  void run(std::size_t first, std::size_t lanes, std::size_t count, Sides& sides) {
    echo_.run(std::span(echo_.lanes()).subspan(first, lanes), kInFlight, count, sides.echo);
    reader_.run(std::span(reader_.lanes()).subspan(first, lanes), kInFlight, count, sides.service);
  }

  const LaneShape shape_;
  StateReader reader_;
  RawEcho echo_;
};

FigureTable make_table(std::size_t crowd, const std::string& who, const std::string& beside) {
  return {std::to_string(crowd) + " dealers connected, " + who + "; ratios to " + beside +
              ": a raw ROUTER echo | ccbusd",
          {{"echo cpu", 2},
           {"echo cpu ratio", 2},
           {"echo/s"},
           {"echo rate ratio", 2},
           {"cpu us", 2},
           {"cpu ratio", 2},
           {"per s"},
           {"rate ratio", 2},
           {"beyond echo", 2},
           {"steal %", 1}}};
}

// "Beyond echo": the increase of the service's cost, divided by the increase of libzmq's own.
void add_round(FigureTable& table, const Pair::Sides& many, const Pair::Sides& few, double steal) {
  std::vector<double> row;
  std::vector<double> cpu_ratios;
  for (Measurement Pair::Sides::*side : {&Pair::Sides::echo, &Pair::Sides::service}) {
    const Figures big = (many.*side).figures();
    const Figures small = (few.*side).figures();
    cpu_ratios.push_back(big.cpu_us / small.cpu_us);
    row.insert(row.end(),
               {big.cpu_us, cpu_ratios.back(), big.per_second, big.per_second / small.per_second});
  }
  row.insert(row.end(), {cpu_ratios[1] / cpu_ratios[0], steal});
  table.add_round(row);
}

// A crowd and the smallest set that can do the same; slices of all take turns.
std::vector<FigureTable> measure_crowd(const Plan& plan, std::size_t crowd, Pair& one,
                                       Pair& sixty_four) {
  Pair many(crowd);
  FigureTable alone = make_table(crowd, "1 active", "1 dealer alone");
  FigureTable some = make_table(crowd, "64 active", "64 dealers");
  FigureTable all = make_table(crowd, "all in turn", "64 dealers");
  for (std::size_t round = 0; round < plan.rounds + 1; ++round) {
    const ProcessorTime time;
    Pair::Sides one_alone, of_sixty_four, many_alone, many_some, many_all;
    for (std::size_t slice = 0; slice < plan.slices; ++slice) {
      one.run_alone(plan.round_trips, one_alone);
      many.run_alone(plan.round_trips, many_alone);
      sixty_four.run_crowd(kInFlight, plan.round_trips, of_sixty_four);
      many.run_crowd(kInFlight, plan.round_trips, many_some);
      many.run_crowd(crowd, std::max(plan.round_trips, crowd), many_all);
    }
    if (round == 0) continue;  // To warm up.
    const double steal = time.steal_percent();
    add_round(alone, many_alone, one_alone, steal);
    add_round(some, many_some, of_sixty_four, steal);
    add_round(all, many_all, of_sixty_four, steal);
  }
  many.finish();
  return {alone, some, all};
}

std::vector<FigureTable> measure(Amount amount) {
  const Plan plan = make_plan(amount);
  std::vector<FigureTable> tables;
  Pair one(0);
  Pair sixty_four(kInFlight);
  for (const std::size_t crowd : plan.crowds) {
    for (FigureTable& table : measure_crowd(plan, crowd, one, sixty_four)) {
      tables.push_back(std::move(table));
    }
  }
  one.finish();
  sixty_four.finish();
  return tables;
}

}  // namespace
}  // namespace ccbus::bench

int main(int argc, char** argv) {
  return ccbus::bench::run_bench(
      argc, argv, {"Measures what a message costs ccbusd among thousands of connected dealers."},
      ccbus::bench::measure);
}
