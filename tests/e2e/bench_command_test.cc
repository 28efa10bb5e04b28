// Short runs of ccbus bench as a user would start them: the counts must add up, and the result must
// show every option. Speed is not checked.
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

constexpr auto kPatience = 120s;

struct Run {
  int status;
  Json result;
};

std::vector<std::string> command(const std::vector<std::string>& arguments) {
  std::vector<std::string> words = {test::built_program("ccbus"), "bench"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  words.insert(words.end(), {"--json"});
  return words;
}

Run bench(const std::vector<std::string>& arguments) {
  Process process(command(arguments));
  Json result = Json::parse(process.read_line(kPatience));
  return {process.wait(kPatience), std::move(result)};
}

// Half a second on an embedded service, with the ledger in memory.
Run small_bench(const std::string& mode, const std::vector<std::string>& more = {}) {
  std::vector<std::string> arguments = {
      mode,         "--embedded", "--set",    "ledger.directory=:memory:",
      "--duration", "500ms",      "--warmup", "100ms"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return bench(arguments);
}

std::uint64_t count(const Json& totals, const char* name) {
  return totals.at(name).get<std::uint64_t>();
}

void wait_until_busy(const ServiceProcess& service) {
  const auto completed = [&service] {
    const Output status = run_ccbus(service.client_endpoint(), {"status", "--json"});
    return count(Json::parse(status.text).at("counters"), "chaincode_transactions_completed");
  };
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (completed() < 100) REQUIRE(std::chrono::steady_clock::now() < deadline);
}

void check_sound(const Run& run) {
  INFO(run.result.dump());
  CHECK(run.status == 0);
  CHECK(run.result.at("ok") == true);
  CHECK(run.result.at("discrepancies").empty());
  const Json& totals = run.result.at("totals");
  CHECK(count(totals, "succeeded") > 0);
  CHECK(count(totals, "failed") == 0);
  CHECK(count(totals, "unanswered") == 0);
  CHECK(count(totals, "sent") == count(totals, "succeeded") + count(totals, "mvcc_conflicts") +
                                     count(totals, "phantom_conflicts") +
                                     count(totals, "aborted_by_churn"));
  // The series is the measured time, second by second.
  std::uint64_t completed = 0;
  for (const Json& entry : run.result.at("series")) completed += count(entry, "completed");
  CHECK(completed == count(run.result.at("measured"), "succeeded"));
  CHECK(run.result.at("latency").at("count").get<std::uint64_t>() > 0);
  CHECK(run.result.at("findings").size() > 0);
  CHECK(run.result.at("usage").at("service").at("resident_bytes") > 1'000'000);
}

}  // namespace

TEST_CASE("every mode runs against a service of its own, and its counts add up", "[e2e]") {
  const std::string mode = GENERATE("invoke", "query", "handler", "connect", "mixed");
  const Run run = small_bench(mode);
  INFO(mode);
  check_sound(run);
  CHECK(run.result.at("plan").at("mode") == mode);
  CHECK((mode == "invoke" || mode == "mixed") == (count(run.result.at("blocks"), "blocks") > 0));
}

TEST_CASE("the result says whether the chaincode was on the SDK", "[e2e][issue-14]") {
  const std::string asked = GENERATE("auto", "cpp", "none");
  const Run run = small_bench("mixed", {"--sdk", asked, "--range", "250", "--keys", "250"});
  check_sound(run);
  CHECK(run.result.at("plan").at("sdk") == (asked == "auto" ? "cpp" : asked));
  CHECK(run.result.at("chaincode_round_trips").at("count") > 0);
}

TEST_CASE("contention on one key gives conflicts, and conflicts are no failures", "[e2e]") {
  const Run run = small_bench("invoke", {"--hot-keys", "1", "--in-flight", "8"});
  check_sound(run);
  CHECK(count(run.result.at("totals"), "mvcc_conflicts") > 0);
}

TEST_CASE("ranges beside writes give phantom conflicts", "[e2e]") {
  const Run run = small_bench("invoke", {"--gets", "0", "--puts", "1", "--range", "250", "--keys",
                                         "250", "--in-flight", "8"});
  check_sound(run);
  CHECK(count(run.result.at("totals"), "phantom_conflicts") > 0);
}

TEST_CASE("without keys to meet at there is no conflict", "[e2e]") {
  const Run run = small_bench("invoke", {"--keys", "0", "--in-flight", "32"});
  check_sound(run);
  CHECK(count(run.result.at("totals"), "mvcc_conflicts") == 0);
}

TEST_CASE("five hundred dealers over two processes, several clients and channels", "[e2e]") {
  const Run run =
      small_bench("invoke", {"--dealers", "500", "--chaincode-processes", "2", "--clients", "5",
                             "--in-flight", "20", "--channels", "3", "--keys", "100"});
  check_sound(run);
  CHECK(run.result.at("usage").at("chaincode").at("processes") == 2);
}

TEST_CASE("an open loop sends what the schedule asks for", "[e2e]") {
  const Run run = small_bench("query", {"--rate", "200"});
  check_sound(run);
  const Json& schedule = run.result.at("schedule");
  // Poisson arrivals: 100 are expected in half a second, with a standard deviation of 10.
  CHECK(count(schedule, "intended") > 40);
  CHECK(count(schedule, "intended") < 160);
  CHECK(run.result.at("latency").at("count").get<std::uint64_t>() <= count(schedule, "intended"));
}

TEST_CASE("dealers that leave and come back lose no transaction unnoticed", "[e2e]") {
  check_sound(small_bench("mixed", {"--dealers", "20", "--churn", "200"}));
}

TEST_CASE("a chaincode that is connected already is called by a template", "[e2e]") {
  const ServiceProcess service;
  Process chaincode({test::built_program("asset-transfer"), "--peer.address",
                     service.chaincode_endpoint(), "--chaincode-id-name", "basic"});
  const std::vector<std::string> common = {
      "--address", service.client_endpoint(), "-n", "basic", "--duration", "300ms", "--warmup",
      "0ms"};
  auto arguments = std::vector<std::string>{
      "invoke", "-c", R"({"Args":["CreateAsset","a{{n}}","blue","5","tom","300"]})"};
  arguments.insert(arguments.end(), common.begin(), common.end());
  // It can be called only once it has registered.
  Run created = bench(arguments);
  while (created.result.at("failure_examples").contains("FAILED_PRECONDITION") ||
         created.result.at("failure_examples").contains("NOT_FOUND")) {
    created = bench(arguments);
  }
  check_sound(created);

  // The ids exist already, so the chaincode refuses, which counts as failures.
  const Run refused = bench(arguments);
  CHECK(refused.status == 1);
  CHECK(count(refused.result.at("totals"), "failed") > 0);
  CHECK_THAT(refused.result.at("failure_examples").dump(), Catch::Matchers::Contains("already"));
}

TEST_CASE("Ctrl-C ends a run early, with the report of what was measured", "[e2e]") {
  const ServiceProcess service;
  Process process(command({"query", "--address", service.client_endpoint(), "--keys", "0",
                           "--warmup", "0ms", "--duration", "10m"}));
  wait_until_busy(service);
  const bool others_invoke = GENERATE(false, true);
  if (others_invoke) {
    CHECK(run_ccbus(service.client_endpoint(),
                    {"query", "-C", "mychannel", "-n", "nobody", "-c", R"({"Args":["Read"]})"})
              .status == 1);
  }
  process.signal(SIGINT);
  const Run run{0, Json::parse(process.read_line(kPatience))};
  CHECK(process.wait(kPatience) == 0);
  check_sound(run);
  CHECK(run.result.at("was_interrupted") == true);
  CHECK(run.result.at("measured_seconds") < 600);
  // Repeated requests for the status do not count as use by others.
  const std::string findings = run.result.at("findings").dump();
  CHECK((findings.find("Others invoked") != std::string::npos) == others_invoke);
}

TEST_CASE("a service that goes in the middle of a run ends it, and no figure is shown", "[e2e]") {
  ServiceProcess service;
  Process process(command({"query", "--address", service.client_endpoint(), "--keys", "0",
                           "--warmup", "0ms", "--duration", "10m"}));
  wait_until_busy(service);
  service.kill_now();
  const Json result = Json::parse(process.read_line(kPatience));
  CHECK(process.wait(kPatience) == 3);
  CHECK(result.at("ok") == false);
  CHECK_FALSE(result.contains("throughput"));
}

TEST_CASE("bad input is refused with the flag, the value and the limit", "[e2e]") {
  const auto [status, result] = bench({"invoke", "--clients", "500", "--in-flight", "100"});
  CHECK(status == 2);
  CHECK(result.at("message") ==
        "--in-flight is 100, for 500 clients 50000 together; the limit is 10000");
  for (const auto& arguments :
       std::vector<std::vector<std::string>>{{"invoke", "--dealers", "0"},
                                             {"invoke", "-c", "{{nothing}"},
                                             {"query", "-c", R"({"Args":["{{user}}"]})"},
                                             {"mixed", "--query-share", "2"}}) {
    CHECK(bench(arguments).status == 2);
  }
  for (const auto& arguments :
       std::vector<std::vector<std::string>>{{"invoke", "--duration", "soon"},
                                             {"handler", "--rate", "5"},
                                             {"query", "--address", "nowhere"},
                                             {"query", "--chaincode-address", "tcp://:1"},
                                             {"dance"},
                                             {"invoke", "--set", "ledger.directory=:memory:"}}) {
    Process process(command(arguments));
    CHECK(process.wait(10s) == 2);
  }
}

TEST_CASE("a service that is not there is told as unreachable", "[e2e]") {
  std::string endpoint;
  {
    const ServiceProcess service;
    endpoint = service.client_endpoint();
  }
  const auto [status, result] = bench({"query", "--address", endpoint});
  CHECK(status == 3);
  CHECK(result.at("message").get<std::string>().find(endpoint) != std::string::npos);
}

}  // namespace ccbus::test
