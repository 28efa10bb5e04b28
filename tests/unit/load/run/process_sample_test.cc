#include "service/load/run/process_sample.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>

using namespace ccbus::load;
using namespace std::chrono_literals;

TEST_CASE("a process that works has used a core, and its thread is named", "[load]") {
  const ProcessSample from = sample_processes({getpid()});
  // Runs until this thread has used 50 ms of processor time.
  ProcessSample until = from;
  while (until.cpu - from.cpu < 50ms) until = sample_processes({getpid()});
  const Usage usage = usage_between(from, until);
  CHECK(usage.is_known);
  CHECK(usage.processes == 1);
  CHECK(usage.cores > 0);
  CHECK(usage.resident_bytes > 1'000'000);
  CHECK(usage.busiest_thread > 0);
  CHECK(usage.busiest_thread_name == "unit_load");
}

TEST_CASE("usage is what was used between, for each second between", "[load]") {
  ProcessSample from;
  from.processes = 1;
  from.cpu = 10s;
  from.threads = {{1, {"main", 8s}}, {2, {"io", 2s}}};
  ProcessSample until = from;
  until.time += 4s;
  until.cpu = 15s;
  until.resident_bytes = 77;
  until.threads = {{1, {"main", 9s}}, {2, {"io", 5s}}, {3, {"new", 1s}}};
  const Usage usage = usage_between(from, until);
  CHECK(usage.cores == Approx(1.25));
  CHECK(usage.busiest_thread == Approx(0.75));
  CHECK(usage.busiest_thread_name == "io");
  CHECK(usage.resident_bytes == 77);
}

TEST_CASE("of no process nothing is known", "[load]") {
  CHECK_FALSE(usage_between(sample_processes({}), sample_processes({})).is_known);
}

TEST_CASE("the machine is busy and stolen from in ticks of all its processors", "[load]") {
  MachineSample from;
  MachineSample until;
  until.time += 10s;
  until.busy = static_cast<std::uint64_t>(sysconf(_SC_CLK_TCK)) * 15;
  until.stolen = 100;
  until.all = 2'000;
  CHECK(busy_cores(from, until) == Approx(1.5));
  CHECK(stolen_share(from, until) == Approx(0.05));
  CHECK(sample_machine().all > 0);
}
