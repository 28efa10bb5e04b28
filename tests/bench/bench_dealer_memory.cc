// How much memory a connected, registered and silent dealer costs, compared with a connection to
// the raw ROUTER echo, which shows libzmq's own share.
#include <string>
#include <vector>

#include "tests/bench/bench_program.h"
#include "tests/bench/process_memory.h"
#include "tests/bench/raw_echo.h"
#include "tests/bench/service_driver.h"

namespace ccbus::bench {
namespace {

struct Plan {
  std::size_t rounds;
  std::size_t dealers;
};

// Returns the bytes for each of `count` connections that `add_one` adds, one after the other.
template <class AddOne>
double memory_of_each(pid_t server, std::size_t count, const AddOne& add_one) {
  const double before = private_memory_of(server);
  for (std::size_t i = 0; i < count; ++i) add_one();
  return (private_memory_of(server) - before) / static_cast<double>(count);
}

double memory_in_service(std::size_t dealers) {
  ServiceDriver driver({.sockets = Sockets::kOneRouter});
  const double each =
      memory_of_each(driver.service().pid(), dealers, [&driver] { driver.add_chaincode(); });
  driver.finish(0);
  return each;
}

double memory_in_echo(std::size_t connections) {
  const std::string bytes(ServiceDriver::kValueBytes, 'v');
  RawEcho echo({bytes, bytes}, {}, {.sockets = Sockets::kOneRouter});
  const double each = memory_of_each(echo.pid(), connections, [&echo] { echo.add_lane(); });
  echo.finish();
  return each;
}

std::vector<FigureTable> measure(Amount amount) {
  const Plan plan = amount == Amount::kQuick ? Plan{1, 200} : Plan{3, 9'000};
  raise_descriptor_limit();
  FigureTable table("Memory of a connected, registered, idle dealer, " +
                        std::to_string(plan.dealers) +
                        " of them: a raw ROUTER echo | ccbusd | what the service adds",
                    {{"echo KiB", 1}, {"ccbusd KiB", 1}, {"added KiB", 1}});
  for (std::size_t round = 0; round < plan.rounds; ++round) {
    const double echo = memory_in_echo(plan.dealers);
    const double service = memory_in_service(plan.dealers);
    table.add_round({echo / 1024, service / 1024, (service - echo) / 1024});
  }
  return {table};
}

}  // namespace
}  // namespace ccbus::bench

int main(int argc, char** argv) {
  return ccbus::bench::run_bench(argc, argv, {"Measures the memory of an idle dealer in ccbusd."},
                                 ccbus::bench::measure);
}
