// ccbus status --watch on the real service.
#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/support/ccbus_command.h"
#include "tests/support/checkout.h"
#include "tests/support/process.h"
#include "tests/support/service_process.h"

namespace ccbus::test {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::json;

constexpr auto kPatience = 60s;

std::vector<std::string> watch(const std::string& endpoint, std::vector<std::string> options) {
  options.insert(options.begin(), {test::built_program("ccbus"), "status", "--watch", "--address",
                                   endpoint, "--interval", "100ms"});
  return options;
}

// Returns the next refresh for which `is_wanted` is true.
template <class Wanted>
Json next_line(Process& process, Wanted&& is_wanted) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (true) {
    REQUIRE(std::chrono::steady_clock::now() < deadline);
    Json line = Json::parse(process.read_line(kPatience));
    if (is_wanted(line)) return line;
  }
}

TEST_CASE("under load the rates, channels and chaincodes show, and the load is not disturbed",
          "[e2e][issue-5]") {
  const ServiceProcess service;
  Process bench({test::built_program("ccbus"), "bench", "invoke", "--json", "--address",
                 service.client_endpoint(), "--dealers", "2", "--keys", "100", "--warmup", "0ms",
                 "--duration", "10m"});
  Process process(watch(service.client_endpoint(), {"--json"}));
  // Long after the hundred keys were written, so within the measured time.
  const Json line = next_line(process, [](const Json& refresh) {
    return refresh["counters"]["ledger_transactions_valid"] > 1'000 &&
           refresh["rates"].is_object() && refresh["rates"]["committed"] > 0;
  });
  CHECK(line["ok"] == true);
  const Json& rates = line["rates"];
  CHECK(rates["invocations"] > 0);
  CHECK(rates["chaincode_requests"] > 0);
  CHECK(rates["blocks"] > 0);
  CHECK(rates["block_bytes"] > rates["committed"]);
  CHECK(rates["channels"]["mychannel"]["blocks"] > 0);
  for (const char* const stage : {"validate", "prepare", "write"}) {
    CHECK(rates["channels"]["mychannel"]["p99_seconds"][stage] > 0);
  }
  CHECK(rates["chaincodes"]["bench-workload"]["transactions"] > 0);
  CHECK(line["chaincodes"][0]["members"].size() == 2);

  bench.signal(SIGINT);
  const Json result = Json::parse(bench.read_line(kPatience));
  INFO(result.dump());
  CHECK(bench.wait(kPatience) == 0);
  CHECK(result["discrepancies"].empty());
  CHECK(result["findings"].dump().find("Others invoked") == std::string::npos);
}

TEST_CASE("it ends after so many refreshes, one below the other where there is no terminal",
          "[e2e][issue-5]") {
  const ServiceProcess service;
  const Output output = run_program(watch(service.client_endpoint(), {"--count", "3"}));
  CHECK(output.status == 0);
  CHECK(output.text.find('\033') == std::string::npos);
  std::size_t refreshes = 0;
  for (std::size_t at = output.text.find("ccbusd "); at != std::string::npos;
       at = output.text.find("ccbusd ", at + 1)) {
    ++refreshes;
  }
  CHECK(refreshes == 3);
}

TEST_CASE("a service that goes and comes back is waited for, and Ctrl-C ends with 0",
          "[e2e][issue-5]") {
  ServiceProcess service;
  Process process(watch(service.client_endpoint(), {"--json"}));
  const auto is_answer = [](const Json& refresh) { return refresh["ok"] == true; };
  const auto is_silence = [](const Json& refresh) { return refresh["ok"] == false; };
  CHECK(next_line(process, is_answer)["version"].is_string());

  service.kill_now();
  const Json silence = next_line(process, is_silence);
  CHECK_FALSE(silence["message"].get<std::string>().empty());
  CHECK(silence["last_answer"].is_string());

  service.start_again();
  // No rates are calculated between two different processes.
  CHECK(next_line(process, is_answer)["rates"].is_null());
  CHECK(next_line(process, is_answer)["rates"].is_object());
  process.signal(SIGINT);
  CHECK(process.wait(kPatience) == 0);
}

TEST_CASE("a service that is not there is told by the exit status of a bounded watch",
          "[e2e][issue-5]") {
  const Output output =
      run_program(watch("tcp://127.0.0.1:1", {"--count", "1", "--timeout", "200ms"}));
  CHECK(output.status == 3);
  CHECK(output.text.starts_with("no answer yet: "));
}

TEST_CASE("a watch is asked for what it can do", "[e2e][issue-5]") {
  const std::vector<std::string> arguments = GENERATE(
      std::vector<std::string>{"--interval", "1s"}, std::vector<std::string>{"--count", "1"},
      std::vector<std::string>{"--watch", "--interval", "soon"},
      std::vector<std::string>{"--watch", "--interval", "99ms"},
      std::vector<std::string>{"--watch", "--interval", "2h"},
      std::vector<std::string>{"--watch", "--count", "-1"});
  std::vector<std::string> command = {test::built_program("ccbus"), "status"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  CHECK(run_with_errors(command).status == 2);
}

}  // namespace
}  // namespace ccbus::test
