// What the way through ccbus-bridge costs: a chaincode on the stock shim for Go, and a client on
// Fabric's library for applications; and whether a crowd of streams makes it dearer.
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "tests/bench/bench_program.h"
#include "tests/bench/processor_time.h"
#include "tests/bench/raw_echo.h"
#include "tests/bench/sdk_driver.h"
#include "tests/bench/sdk_keys.h"

namespace ccbus::bench {
namespace {

using Kind = Workload::Kind;

struct Row {
  std::string title;
  std::size_t in_flight;
  std::size_t count;
  bool is_signed;  // By a client, on a channel that checks it.
  std::function<Costs(SdkDriver&, std::size_t in_flight, std::size_t count)> run;
};

std::string text(std::size_t number) {
  return std::to_string(number);
}

Workload nothing() {
  return {.name = "evaluate, empty",
          .args = [](std::size_t) { return std::vector<std::string>{"nothing"}; },
          .answer = [](std::size_t) { return std::string(); }};
}

// Each transaction reads `count` keys of its own, as far as there are so many.
Workload gets(std::size_t count) {
  const auto first_of = [count](std::size_t number) {
    return number * count % (SdkDriver::kKeys - count + 1);
  };
  return {.name = "GET_STATE in long transactions",
          .args =
              [count, first_of](std::size_t number) {
                return std::vector<std::string>{"gets", text(first_of(number)), text(count)};
              },
          .units = count,
          .answer = [count, first_of](
                        std::size_t number) { return sdk_value(first_of(number) + count - 1); }};
}

Row of_client(Workload workload, std::size_t in_flight, std::size_t count) {
  return {"Go chaincode: " + workload.name, in_flight, count, false,
          [workload](SdkDriver& driver, std::size_t open, std::size_t all) {
            return driver.run(workload, open, all);
          }};
}

Row of_gateway(Kind kind, std::size_t in_flight, std::size_t count) {
  const std::string what = kind == Kind::kSubmit ? "submit, get + put" : "evaluate, empty";
  return {"Go chaincode, Go application by the gateway: " + what, in_flight, count, true,
          [kind](SdkDriver& driver, std::size_t open, std::size_t all) {
            return driver.run_gateway(kind, open, all);
          }};
}

std::vector<Row> rows() {
  return {
      of_client(gets(1'000), 64, 128),        of_client(gets(1'000), 16, 64),
      of_client(gets(1'000), 1, 2),           of_client(nothing(), 64, 6'000),
      of_client(nothing(), 16, 4'000),        of_client(nothing(), 1, 500),
      of_gateway(Kind::kEvaluate, 64, 4'000), of_gateway(Kind::kEvaluate, 16, 2'000),
      of_gateway(Kind::kEvaluate, 1, 300),    of_gateway(Kind::kSubmit, 64, 4'000),
      of_gateway(Kind::kSubmit, 16, 2'000),   of_gateway(Kind::kSubmit, 1, 200),
  };
}

std::vector<Row> rows_of_crowd() {
  return {of_client(gets(1'000), 64, 128), of_client(nothing(), 64, 6'000),
          of_client(nothing(), 1, 500)};
}

void shorten(std::vector<Row>& rows, Amount amount) {
  if (amount != Amount::kQuick) return;
  for (Row& row : rows) row.count = std::min<std::size_t>(row.count, 2 * row.in_flight);
}

std::vector<FigureTable> measure_rows(Amount amount) {
  std::vector<Row> all = rows();
  shorten(all, amount);
  std::vector<FigureTable> tables;
  for (const Row& row : all) {
    tables.emplace_back(row.title + ", " + text(row.in_flight) +
                            " open | processor time of each process | a raw ROUTER echo",
                        std::vector<FigureTable::Column>{{"per s"},
                                                         {"p50 us"},
                                                         {"p99 us"},
                                                         {"service us", 2},
                                                         {"bridge us", 2},
                                                         {"chaincode us", 2},
                                                         {"client us", 2},
                                                         {"all us", 2},
                                                         {"echo us", 1},
                                                         {"steal %", 1}});
  }
  SdkDriver of_clients(Sdk::kGo);
  SdkDriver of_gateway(Sdk::kGo);
  of_gateway.configure_channel();
  const std::string message(200, 'm');  // About the size of a message that carries a value.
  RawEcho echo({message, message}, {}, {});
  const std::size_t rounds = amount == Amount::kQuick ? 1 : 3;
  for (std::size_t round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      const ProcessorTime time;
      Measurement raw;
      echo.run(echo.lanes(), 1, amount == Amount::kQuick ? 100 : 1'000, raw);
      SdkDriver& driver = all[i].is_signed ? of_gateway : of_clients;
      const Costs costs = all[i].run(driver, all[i].in_flight, all[i].count);
      tables[i].add_round({costs.per_second, costs.p50_us, costs.p99_us, costs.service_us,
                           costs.bridge_us, costs.chaincode_us, costs.client_us, costs.all_us(),
                           raw.figures().p50_us, time.steal_percent()});
    }
  }
  of_clients.finish();
  of_gateway.finish();
  echo.finish();
  return tables;
}

// Chaincodes that have registered with a bridge and wait.
class Crowd {
 public:
  Crowd(const SdkDriver& driver, std::size_t streams)
      : process_({SdkDriver::go_program("bench-crowd"), "-peer.address",
                  driver.bridge().chaincode_address(), "-count", text(streams)}) {
    static_cast<void>(process_.read_line(std::chrono::seconds(120)));
  }

 private:
  test::Process process_;
};

// In turns, with and without the crowd.
std::vector<FigureTable> measure_crowd(Amount amount) {
  const std::size_t streams = amount == Amount::kQuick ? 50 : 1'000;
  std::vector<Row> all = rows_of_crowd();
  shorten(all, amount);
  std::vector<FigureTable> tables;
  for (const Row& row : all) {
    tables.emplace_back(row.title + ", " + text(row.in_flight) + " open, among " + text(streams) +
                            " idle streams | the same alone | the ratio of their processor times",
                        std::vector<FigureTable::Column>{{"per s"},
                                                         {"p50 us"},
                                                         {"bridge us", 2},
                                                         {"alone per s"},
                                                         {"alone p50 us"},
                                                         {"alone bridge us", 2},
                                                         {"cpu ratio", 2}});
  }
  SdkDriver crowded(Sdk::kGo);
  SdkDriver alone(Sdk::kGo);
  const Crowd crowd(crowded, streams);
  const std::size_t rounds = amount == Amount::kQuick ? 1 : 5;
  for (std::size_t round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      const Costs with = all[i].run(crowded, all[i].in_flight, all[i].count);
      const Costs without = all[i].run(alone, all[i].in_flight, all[i].count);
      tables[i].add_round({with.per_second, with.p50_us, with.bridge_us, without.per_second,
                           without.p50_us, without.bridge_us, with.bridge_us / without.bridge_us});
    }
  }
  crowded.finish();
  alone.finish();
  return tables;
}

void run(const Arguments& arguments) {
  if (!SdkDriver::has_go()) {
    return print_not_measured("ccbus-bridge and the programs in Go have not been built", arguments);
  }
  std::vector<FigureTable> tables = measure_rows(arguments.amount);
  std::vector<FigureTable> crowd = measure_crowd(arguments.amount);
  std::move(crowd.begin(), crowd.end(), std::back_inserter(tables));
  print_tables(tables, arguments);
}

}  // namespace
}  // namespace ccbus::bench

int main(int argc, char** argv) {
  return ccbus::bench::run_program(argc, argv,
                                   {"Measures chaincode and applications that speak gRPC with "
                                    "ccbus-bridge: rates, latencies, and "
                                    "the processor time of each process."},
                                   ccbus::bench::run);
}
