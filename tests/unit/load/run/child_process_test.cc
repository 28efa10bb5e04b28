#include "service/load/run/child_process.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>

using ccbus::load::ChildProcess;
using namespace std::chrono_literals;

namespace {

constexpr auto kPatience = 10s;

}  // namespace

TEST_CASE("a child hears lines, says lines, and ends with its input", "[load]") {
  ChildProcess child({"/bin/cat"});
  CHECK(child.write_line("one"));
  CHECK(child.write_line("two"));
  CHECK(child.read_line(kPatience) == "one");
  CHECK(child.read_line(kPatience) == "two");
  CHECK_FALSE(child.read_line());
  CHECK_FALSE(child.has_ended_its_output());
  CHECK(child.finish(kPatience) == 0);
  CHECK_FALSE(child.read_line());
  CHECK(child.has_ended_its_output());
}

TEST_CASE("what a child says on standard error may stand among its output", "[load][issue-17]") {
  ChildProcess child({"/bin/sh", "-c", "echo out; echo err >&2; echo end"},
                     ChildProcess::Errors::kWithOutput);
  CHECK(child.read_line(kPatience) == "out");
  CHECK(child.read_line(kPatience) == "err");
  CHECK(child.read_line(kPatience) == "end");
  CHECK(child.finish(kPatience) == 0);
}

TEST_CASE("how a child ended is told", "[load]") {
  CHECK(ChildProcess({"/bin/sh", "-c", "exit 7"}).finish(kPatience) == 7);
  CHECK(ChildProcess({"/no/such/program"}).finish(kPatience) == 127);
  ChildProcess child({"/bin/cat"});
  CHECK(child.write_line("it runs"));
  REQUIRE(child.read_line(kPatience));
  child.signal(SIGTERM);
  CHECK(child.finish(kPatience) == 128 + SIGTERM);
}

TEST_CASE("a child that does not end with its input is not waited for longer than asked",
          "[load]") {
  ChildProcess child({"/bin/sh", "-c", "echo up; exec tail -f /dev/null"});
  REQUIRE(child.read_line(kPatience) == "up");
  CHECK_FALSE(child.finish(1ms));
}

TEST_CASE("a signal to the terminal's processes does not reach a child", "[load]") {
  ChildProcess child({"/bin/cat"});
  CHECK(child.write_line("it runs"));
  REQUIRE(child.read_line(kPatience));
  CHECK(getpgid(child.pid()) == child.pid());
}
