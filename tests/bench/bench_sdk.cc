// What a user gets: transactions of a chaincode on an SDK, asked for by a client process. For
// comparison, the round trip of a raw ROUTER echo and the disk's own sync.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "tests/bench/bench_program.h"
#include "tests/bench/disk_probe.h"
#include "tests/bench/processor_time.h"
#include "tests/bench/raw_echo.h"
#include "tests/bench/sdk_driver.h"
#include "tests/bench/sdk_keys.h"

namespace ccbus::bench {
namespace {

struct Options {
  bool without_node = false;
  std::string only = {};  // A part of the titles to measure; empty: all.
};

struct Row {
  Workload workload;
  std::size_t in_flight = 1;
  std::size_t count = 0;  // Invocations of a round.
};

std::string text(std::size_t number) {
  return std::to_string(number);
}

Workload nothing() {
  return {.name = "evaluate, empty",
          .args = [](std::size_t) { return std::vector<std::string>{"nothing"}; },
          .answer = [](std::size_t) { return std::string(); }};
}

// Each invocation reads `count` keys of its own, as far as there are so many.
std::size_t first_of(std::size_t number, std::size_t count) {
  return number * count % (SdkDriver::kKeys - count + 1);
}

Workload gets(std::string name, std::size_t count, std::size_t units) {
  return {
      .name = std::move(name),
      .args =
          [count](std::size_t number) {
            return std::vector<std::string>{"gets", text(first_of(number, count)), text(count)};
          },
      .units = units,
      .answer =
          [count](std::size_t number) { return sdk_value(first_of(number, count) + count - 1); }};
}

Workload range(std::size_t count) {
  return {
      .name = "range of " + text(count) + ", each key",
      .args =
          [count](std::size_t number) {
            return std::vector<std::string>{"range", text(first_of(number, count)), text(count)};
          },
      .units = count,
      .answer = [count](std::size_t) { return text(count); }};
}

Workload submit_put() {
  return {.name = "submit, get + put",
          .kind = Workload::Kind::kSubmit,
          .args =
              [](std::size_t number) {
                return std::vector<std::string>{"put", "put" + text(number), sdk_value(number)};
              },
          .answer = [](std::size_t) { return std::string(); }};
}

Workload submit_puts(std::size_t count) {
  return {.name = "submit, " + text(count) + " puts",
          .kind = Workload::Kind::kSubmit,
          .args =
              [count](std::size_t number) {
                return std::vector<std::string>{"puts", "puts" + text(number), text(count),
                                                sdk_value(number)};
              },
          .answer = [](std::size_t) { return std::string(); }};
}

std::vector<Row> rows_of(Sdk sdk) {
  if (sdk == Sdk::kNode) {
    std::vector<Row> rows;
    for (const std::size_t in_flight : {1u, 16u, 64u}) {
      const std::size_t count = in_flight == 1 ? 200 : 2'000;
      rows.push_back({nothing(), in_flight, 2 * count});
      rows.push_back({gets("evaluate, 10 gets", 10, 1), in_flight, count});
      rows.push_back({submit_put(), in_flight, count});
    }
    return rows;
  }
  constexpr std::size_t kLong = 1'000;  // Keys of a long transaction.
  return {
      {gets("GET_STATE in long transactions", kLong, kLong), 64, 256},
      {gets("GET_STATE in long transactions", kLong, kLong), 1, 2},
      {nothing(), 64, 20'000},
      {nothing(), 16, 10'000},
      {nothing(), 1, 1'000},
      {gets("evaluate, 10 gets", 10, 1), 64, 8'000},
      {gets("evaluate, 10 gets", 10, 1), 16, 4'000},
      {range(1'000), 16, 800},
      {submit_put(), 1, 300},
      {submit_put(), 16, 4'000},
      {submit_put(), 64, 10'000},
      {submit_put(), 2'000, 20'000},
      {submit_puts(10), 16, 3'000},
  };
}

std::string title_of(Sdk sdk, const Row& row) {
  return std::string(sdk == Sdk::kCpp ? "C++ SDK" : "Node binding") + ": " + row.workload.name +
         ", " + text(row.in_flight) +
         " open | processor time of each process | a raw ROUTER echo, the disk's sync";
}

void measure(Sdk sdk, const Options& options, Amount amount, std::vector<FigureTable>& tables) {
  std::vector<Row> rows = rows_of(sdk);
  std::erase_if(rows, [&](const Row& row) {
    return title_of(sdk, row).find(options.only) == std::string::npos;
  });
  if (rows.empty()) return;
  const std::size_t rounds = amount == Amount::kQuick ? 1 : 3;
  const std::size_t first_table = tables.size();
  for (Row& row : rows) {
    if (amount == Amount::kQuick) row.count = std::min<std::size_t>(row.count, 2 * row.in_flight);
    tables.emplace_back(title_of(sdk, row), std::vector<FigureTable::Column>{{"per s"},
                                                                             {"p50 us"},
                                                                             {"p99 us"},
                                                                             {"service us", 2},
                                                                             {"chaincode us", 2},
                                                                             {"client us", 2},
                                                                             {"all us", 2},
                                                                             {"echo us", 1},
                                                                             {"sync us", 1},
                                                                             {"steal %", 1}});
  }
  SdkDriver driver(sdk);
  DiskProbe disk(driver.directory());
  const std::string message(200, 'm');  // About the size of a message that carries a value.
  RawEcho echo({message, message}, {}, {});
  const std::size_t echoes = amount == Amount::kQuick ? 100 : 2'000;
  for (std::size_t round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const ProcessorTime time;
      Measurement raw;
      echo.run(echo.lanes(), 1, echoes, raw);
      const Figures sync = disk.run(amount == Amount::kQuick ? 5 : 50);
      const Costs costs = driver.run(rows[i].workload, rows[i].in_flight, rows[i].count);
      tables[first_table + i].add_round({costs.per_second, costs.p50_us, costs.p99_us,
                                         costs.service_us, costs.chaincode_us, costs.client_us,
                                         costs.all_us(), raw.figures().p50_us, sync.p50_us,
                                         time.steal_percent()});
    }
  }
  driver.finish();
  echo.finish();
}

void run(const Arguments& arguments, const Options& options) {
  std::vector<FigureTable> tables;
  measure(Sdk::kCpp, options, arguments.amount, tables);
  if (!options.without_node) {
    if (SdkDriver::has_node()) {
      measure(Sdk::kNode, options, arguments.amount, tables);
    } else {
      std::fprintf(stderr, "Node binding: not measured, npm ci has not run in bindings/node\n");
    }
  }
  print_tables(tables, arguments);
}

}  // namespace
}  // namespace ccbus::bench

int main(int argc, char** argv) {
  ccbus::bench::Options options;
  return ccbus::bench::run_program(
      argc, argv,
      {"Measures transactions of a chaincode on an SDK: rates, latencies, and the processor time "
       "of each process.",
       [&options](CLI::App& app) {
         app.add_flag("--without-node", options.without_node, "The C++ SDK alone");
         app.add_option("--only", options.only, "The rows alone whose titles contain this");
       }},
      [&options](const ccbus::bench::Arguments& arguments) {
        ccbus::bench::run(arguments, options);
      });
}
