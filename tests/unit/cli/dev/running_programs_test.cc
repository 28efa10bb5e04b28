#include "service/cli/dev/running_programs.h"

#include <pthread.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <nlohmann/json.hpp>

namespace ccbus::cli {
namespace {

using Catch::Matchers::Contains;
using namespace std::chrono_literals;

// Programs, and what they have said. The signals that they block are as before at the end.
struct Rig {
  Rig() { pthread_sigmask(SIG_SETMASK, nullptr, &mask); }
  ~Rig() {
    programs.reset();
    pthread_sigmask(SIG_SETMASK, &mask, nullptr);
  }

  Result<nlohmann::json> start(const std::string& name, const std::string& script,
                               std::chrono::milliseconds patience = 10s) {
    return programs->start(name, {"/bin/sh", "-c", script}, patience);
  }

  sigset_t mask{};
  std::vector<std::string> said;
  std::optional<RunningPrograms> programs{std::in_place,
                                          [this](const std::string& name, const std::string& line) {
                                            said.push_back(name + ": " + line);
                                          }};
};

constexpr const char* kReady = R"(echo '{"event":"ready","at":7}'; )";
const std::string kUntilTerm = "trap 'echo ends; exit 0' TERM; " + std::string(kReady) +
                               "while :; do read line || sleep 0.1; done";

TEST_CASE("a program that is ready has told its addresses, and what it says is passed on",
          "[cli][issue-17]") {
  Rig rig;
  const auto ready =
      rig.start("one", "echo begins; echo '{\"no event\":1}' >&2; " + std::string(kReady) + "cat");
  REQUIRE(ready);
  CHECK(*ready == nlohmann::json{{"event", "ready"}, {"at", 7}});
  CHECK(rig.said == std::vector<std::string>{"one: begins", "one: {\"no event\":1}"});
  CHECK(rig.programs->describe_ended().empty());
}

TEST_CASE("a program that ends before it is ready is named, with how it ended", "[cli][issue-17]") {
  Rig rig;
  const auto ended = rig.start("one", "echo reason; exit 3");
  REQUIRE_FALSE(ended);
  CHECK_THAT(ended.error().message, Contains("one has ended with exit status 3"));
  CHECK(rig.said == std::vector<std::string>{"one: reason"});
  CHECK_FALSE(rig.programs->stop(10s));
}

TEST_CASE("a program that is never ready is given up", "[cli][issue-17]") {
  Rig rig;
  const auto late = rig.start("one", "cat", 100ms);
  REQUIRE_FALSE(late);
  CHECK(late.error().message == "one was not ready within 100ms");
}

TEST_CASE("programs that are asked to stop end by themselves, the last one first",
          "[cli][issue-17]") {
  Rig rig;
  REQUIRE(rig.start("one", kUntilTerm));
  REQUIRE(rig.start("two", kUntilTerm));
  CHECK(rig.programs->stop(10s));
  CHECK(rig.said == std::vector<std::string>{"two: ends", "one: ends"});
}

TEST_CASE("a program that dies is told of, also while the next one starts", "[cli][issue-17]") {
  Rig rig;
  REQUIRE(rig.start("one", kUntilTerm));
  kill(rig.programs->pid(0), SIGKILL);
  const auto second = rig.start("two", "cat");
  REQUIRE_FALSE(second);
  CHECK_THAT(second.error().message, Contains("one has ended by signal 9"));
  CHECK_FALSE(rig.programs->stop(10s));
}

TEST_CASE("a program that does not stop is killed", "[cli][issue-17]") {
  Rig rig;
  REQUIRE(rig.start("one", "trap '' TERM; " + std::string(kReady) + "cat; cat"));
  const pid_t pid = rig.programs->pid(0);
  CHECK_FALSE(rig.programs->stop(200ms));
  CHECK(rig.said == std::vector<std::string>{"one: does not stop, and is killed"});
  CHECK(kill(pid, 0) != 0);
}

TEST_CASE("a signal to this process ends the wait for a program", "[cli][issue-17]") {
  Rig rig;
  kill(getpid(), SIGTERM);
  const auto none = rig.start("one", kUntilTerm);
  REQUIRE(none);
  CHECK(none->is_null());
  CHECK(rig.programs->is_asked_to_stop());
}

}  // namespace
}  // namespace ccbus::cli
