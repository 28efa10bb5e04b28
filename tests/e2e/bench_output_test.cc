// The output files of ccbus bench, and scenarios as a user would run them.
#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
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
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using Json = nlohmann::json;

constexpr auto kPatience = 120s;

std::vector<std::string> bench_command(const std::vector<std::string>& arguments) {
  std::vector<std::string> words = {test::built_program("ccbus"), "bench"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  words.emplace_back("--json");
  return words;
}

struct Run {
  int status;
  Json result;
};

Run bench(const std::vector<std::string>& arguments) {
  Process process(bench_command(arguments));
  Json result = Json::parse(process.read_line(kPatience));
  return {process.wait(kPatience), std::move(result)};
}

std::string content(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void write(const std::filesystem::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary) << text;
}

}  // namespace

TEST_CASE("one run leaves a page, a table and what has changed since the last one", "[e2e]") {
  const TemporaryDirectory directory;
  const std::string older = directory.path() / "older.json";
  const std::string csv = directory.path() / "run.csv";
  const std::string page = directory.path() / "run.html";
  const std::vector<std::string> common = {"query",      "--embedded", "--keys",   "0",
                                           "--duration", "300ms",      "--warmup", "0ms"};
  const auto with = [&common](const std::vector<std::string>& more) {
    std::vector<std::string> all = common;
    all.insert(all.end(), more.begin(), more.end());
    return all;
  };
  const Run before = bench(with({}));
  CHECK(before.status == 0);
  write(older, before.result.dump(2));

  const Run run =
      bench(with({"--clients", "2", "--csv", csv, "--report", page, "--compare", older}));
  CHECK(run.status == 0);
  CHECK_THAT(content(csv), StartsWith("phase,second,seconds,succeeded,"));
  CHECK_THAT(content(csv), Contains("\nquery,0,0.300,") && Contains("\nquery,total,0.300,"));
  CHECK_THAT(content(page), StartsWith("<!DOCTYPE html>") && Contains("ccbus bench query"));
  const Json& comparison = run.result.at("comparison").at(0);
  CHECK(comparison.at("figures").size() > 5);
  CHECK_THAT(comparison.at("remarks").dump(), Contains("The plans differ: clients 1 -> 2."));
}

TEST_CASE("a file that cannot be used ends a bench before it begins", "[e2e]") {
  const TemporaryDirectory directory;
  const std::string none = directory.path() / "none" / "file";
  const std::string words = directory.path() / "words.json";
  write(words, "{\"phases\": 5}");
  // There is no service at that address: a run that connects to it has started.
  const auto refused = [](const std::string& flag, const std::string& file) {
    const Run run = bench({"query", "--address", "tcp://127.0.0.1:1", flag, file});
    CHECK(run.status == 2);
    return run.result.at("message").get<std::string>();
  };
  CHECK(refused("--csv", none) == "--csv: cannot write " + none);
  CHECK(refused("--report", none) == "--report: cannot write " + none);
  CHECK(refused("--compare", none) == "--compare: cannot read " + none);
  CHECK_THAT(refused("--compare", words),
             StartsWith("--compare: " + words + " is no result of ccbus bench --json: "));
}

TEST_CASE("a bench that has no result writes no files, and keeps those of the last one", "[e2e]") {
  const TemporaryDirectory directory;
  const std::string csv = directory.path() / "run.csv";
  const std::string page = directory.path() / "run.html";
  write(page, "the last one");
  const Run run =
      bench({"query", "--address", "tcp://127.0.0.1:1", "--csv", csv, "--report", page});
  CHECK(run.status == 3);
  CHECK_FALSE(std::filesystem::exists(csv));
  CHECK(content(page) == "the last one");
}

TEST_CASE("a scenario that is wrong is told with file and line", "[e2e]") {
  const TemporaryDirectory directory;
  const std::string file = directory.path() / "load.yaml";
  write(file, "name: x\nphases:\n  - rate: fast\n");
  const Run wrong = bench({"run", file, "--embedded"});
  CHECK(wrong.status == 2);
  CHECK(wrong.result.at("message") == file + ":3: rate: 'fast' is no number");
  const Run none = bench({"run", file + ".bak", "--embedded"});
  CHECK(none.status == 2);
  CHECK(none.result.at("message") == "cannot read the scenario " + file + ".bak");
}

TEST_CASE("Ctrl-C ends the phase under way and leaves out those after it", "[e2e]") {
  const TemporaryDirectory directory;
  const ServiceProcess service;
  const std::string file = directory.path() / "load.yaml";
  write(file,
        "name: long\n"
        "shows: nothing\n"
        "options: {mode: query, keys: 0, warmup: 0s}\n"
        "phases:\n"
        "  - {name: first, duration: 200ms}\n"
        "  - {name: second, duration: 10m, channel: later}\n"
        "  - {name: third, duration: 10m}\n");
  Process process(bench_command({"run", file, "--address", service.client_endpoint()}));
  const auto status = [&service] {
    return Json::parse(run_ccbus(service.client_endpoint(), {"status", "--json"}).text);
  };
  const auto completed = [&status] {
    return status().at("counters").at("chaincode_transactions_completed").get<std::uint64_t>();
  };
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  const auto wait_until = [&deadline](const auto& condition) {
    while (!condition()) REQUIRE(std::chrono::steady_clock::now() < deadline);
  };
  // The channel of the second phase exists; its transactions follow.
  wait_until([&] { return status().at("channels").dump().find("later") != std::string::npos; });
  const std::uint64_t so_far = completed();
  wait_until([&] { return completed() > so_far + 100; });

  process.signal(SIGINT);
  const Json result = Json::parse(process.read_line(kPatience));
  CHECK(process.wait(kPatience) == 0);
  REQUIRE(result.at("phases").size() == 2);
  CHECK(result.at("phases").at(0).at("was_interrupted") == false);
  CHECK(result.at("phases").at(1).at("name") == "second");
  CHECK(result.at("phases").at(1).at("was_interrupted") == true);
  CHECK(result.at("ok") == true);
}

}  // namespace ccbus::test
