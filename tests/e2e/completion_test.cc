// Runs the scripts of `ccbus completion` in the real shells.
#include <catch2/catch.hpp>
#include <chrono>
#include <string>
#include <vector>

#include "tests/support/checkout.h"
#include "tests/support/process.h"

namespace ccbus::test {
namespace {

using namespace std::chrono_literals;

// Returns the completions that a shell offers, as one line.
std::string completions(std::vector<std::string> shell) {
  shell.insert(shell.begin(), "/usr/bin/env");  // Searches PATH for it.
  Process process(std::move(shell));
  const std::string line = process.read_line(20s);
  CHECK(process.wait(20s) == 0);
  return " " + line + " ";
}

std::string in_bash(const std::string& typed) {
  return completions({"bash", "-c",
                      "source <(" + test::built_program("ccbus") +
                          " completion bash); complete -p ccbus >/dev/null || "
                          "exit 1; COMP_WORDS=(" +
                          typed +
                          "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _ccbus; "
                          "echo \"${COMPREPLY[*]}\""});
}

std::string in_fish(const std::string& typed) {
  return completions({"fish", "--no-config", "-c",
                      test::built_program("ccbus") +
                          " completion fish | source; echo (complete -C '" + typed +
                          "' | string replace -r '\\t.*' '')"});
}

TEST_CASE("bash completes commands, commands below them, and options", "[e2e][issue-5]") {
  CHECK(in_bash("ccbus inv") == " invoke ");
  CHECK_THAT(in_bash("ccbus ledger ''"),
             Catch::Contains(" history ") && Catch::Contains(" block "));
  CHECK_THAT(in_bash("ccbus invoke --a"), Catch::Contains(" --address "));
  CHECK_THAT(in_bash("ccbus logs level --"), Catch::Contains(" --json "));
  CHECK(in_bash("ccbus config sh") == " show ");
  CHECK_THAT(in_bash("ccbus config show --"), Catch::Contains(" --running "));
  CHECK(in_bash("ccbus status --w") == " --watch ");
  // The value of an option is not a command.
  CHECK_THAT(in_bash("ccbus invoke -n query --retr"), Catch::Contains(" --retry "));
}

TEST_CASE("fish completes commands, commands below them, and options", "[e2e][issue-5]") {
  CHECK(in_fish("ccbus inv") == " invoke ");
  CHECK_THAT(in_fish("ccbus ledger "), Catch::Contains(" history ") && Catch::Contains(" block "));
  CHECK_THAT(in_fish("ccbus invoke --a"), Catch::Contains(" --address "));
}

TEST_CASE("zsh takes its script and completes with it", "[e2e][issue-5]") {
  CHECK(completions({"zsh", "-f", "-c",
                     "source <(" + test::built_program("ccbus") +
                         " completion zsh) && whence -w _ccbus && "
                         "[[ ${_comps[ccbus]} == *_ccbus ]]"}) == " _ccbus: function ");
}

TEST_CASE("a shell that is not known is wrong usage", "[e2e][issue-5]") {
  Process process({test::built_program("ccbus"), "completion", "tcsh"});
  CHECK(process.wait(10s) == 2);
}

}  // namespace
}  // namespace ccbus::test
