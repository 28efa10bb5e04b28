// How often the service allocates from the heap for a GET_STATE, compared with the raw echo server,
// which shows libzmq's own allocations for the two messages.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>
#include <vector>

#include "tests/bench/allocation_counts.h"
#include "tests/bench/bench_program.h"
#include "tests/bench/raw_echo.h"
#include "tests/bench/state_reader.h"

namespace ccbus::bench {
namespace {

constexpr std::size_t kLanes = 64;
constexpr LaneShape kShape{.of_first = kLanes};

struct Plan {
  std::size_t rounds;
  std::size_t round_trips;
};

struct PerRoundTrip {
  double main_thread = 0;
  double other_threads = 0;
};

// Counts the allocations of that many round trips, with all lanes in use. One-time allocations have
// been made before.
template <class Server>
PerRoundTrip count_allocations(Server& server, const AllocationCounts& counts,
                               std::size_t round_trips) {
  const Allocations before = counts.read(server.pid());
  Measurement unused;
  server.run(server.lanes(), kLanes, round_trips, unused);
  const Allocations after = counts.read(server.pid());
  const auto each = [round_trips](std::uint64_t calls) {
    return static_cast<double>(calls) / static_cast<double>(round_trips);
  };
  return {each(after.main_thread - before.main_thread),
          each(after.other_threads - before.other_threads)};
}

struct Round {
  PerRoundTrip first_read;
  PerRoundTrip read_again;
  PerRoundTrip echo;
};

enum class Stacks { kNo, kYes };

// Prints which functions of the service allocate for a GET_STATE, to standard error.
void print_stacks(StateReader& reader, AllocationCounts& counts, std::size_t round_trips) {
  constexpr std::size_t kStacksMax = 10;
  counts.want_stacks();
  static_cast<void>(count_allocations(reader, counts, round_trips));
  for (const auto& stack : counts.most_frequent(reader.pid(), kStacksMax)) {
    std::fprintf(stderr, "%.3f allocations per GET_STATE by\n",
                 static_cast<double>(stack.calls) / static_cast<double>(round_trips));
    for (const std::string& function : stack.functions) {
      std::fprintf(stderr, "    %s\n", function.c_str());
    }
  }
}

// Measures both servers, from their start to their end.
Round run_round(std::size_t round_trips, Stacks stacks) {
  Round round;
  AllocationCounts of_service;
  StateReader reader(2 * round_trips, kShape, {.launcher = of_service.launcher()});
  Measurement unused;
  reader.run(reader.lanes(), kLanes, round_trips, unused);
  round.first_read = count_allocations(reader, of_service, round_trips);
  reader.run(reader.lanes(), kLanes, 2 * round_trips, unused);
  round.read_again = count_allocations(reader, of_service, round_trips);
  if (stacks == Stacks::kYes) print_stacks(reader, of_service, round_trips);
  reader.finish();

  const AllocationCounts of_echo;
  RawEcho echo(reader.sample(), kShape, {.launcher = of_echo.launcher()});
  echo.run(echo.lanes(), kLanes, round_trips, unused);
  round.echo = count_allocations(echo, of_echo, round_trips);
  echo.finish();
  return round;
}

FigureTable make_table(const std::string& reads) {
  return {
      "Heap allocations per GET_STATE, 64 in flight, " + reads +
          ": a raw ROUTER echo | ccbusd | what the service adds",
      {{"echo main", 3}, {"echo other", 3}, {"ccbusd bus", 3}, {"ccbusd other", 3}, {"added", 3}}};
}

void add_row(FigureTable& table, const PerRoundTrip& echo, const PerRoundTrip& service) {
  const double added =
      service.main_thread + service.other_threads - echo.main_thread - echo.other_threads;
  table.add_round(
      {echo.main_thread, echo.other_threads, service.main_thread, service.other_threads, added});
}

std::vector<FigureTable> measure(Amount amount, Stacks stacks) {
  const Plan plan = amount == Amount::kQuick ? Plan{1, 2'000} : Plan{3, 10'000};
  FigureTable again = make_table("keys read before");
  FigureTable first = make_table("each key for the first time");
  for (std::size_t number = 0; number < plan.rounds; ++number) {
    const bool is_last = number + 1 == plan.rounds;
    const Round round = run_round(plan.round_trips, is_last ? stacks : Stacks::kNo);
    add_row(again, round.echo, round.read_again);
    add_row(first, round.echo, round.first_read);
  }
  return {again, first};
}

}  // namespace
}  // namespace ccbus::bench

int main(int argc, char** argv) {
  using ccbus::bench::Stacks;
  bool stacks = false;
  return ccbus::bench::run_bench(
      argc, argv,
      {"Counts the heap allocations of ccbusd for each GET_STATE.",
       [&stacks](CLI::App& app) {
         app.add_flag("--stacks", stacks, "Say on stderr who allocates for keys read before");
       }},
      [&stacks](ccbus::bench::Amount amount) {
        return ccbus::bench::measure(amount, stacks ? Stacks::kYes : Stacks::kNo);
      });
}
