#include "tests/bench/processor_time.h"

#include <time.h>

#include <array>
#include <fstream>
#include <numeric>
#include <stdexcept>
#include <string>

namespace ccbus::bench {

// The first line has: cpu user nice system idle iowait irq softirq steal, in ticks. The fields
// after these (guest time) are already included in user and nice.
ProcessorTime::Ticks ProcessorTime::read() {
  std::ifstream in("/proc/stat");
  std::string label;
  std::array<std::uint64_t, 8> columns{};
  in >> label;
  for (std::uint64_t& column : columns) in >> column;
  if (!in || label != "cpu") throw std::runtime_error("cannot read /proc/stat");
  return {std::accumulate(columns.begin(), columns.end(), std::uint64_t{0}), columns[7]};
}

double ProcessorTime::steal_percent() const {
  const Ticks now = read();
  const auto all = static_cast<double>(now.all - start_.all);
  return all == 0 ? 0 : 100 * static_cast<double>(now.stolen - start_.stolen) / all;
}

namespace {

// Throws std::runtime_error if there is no such clock.
std::chrono::nanoseconds read(clockid_t clock) {
  timespec used{};
  if (clock_gettime(clock, &used) != 0) {
    throw std::runtime_error("a process has no processor time any more");
  }
  return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

}  // namespace

std::chrono::nanoseconds processor_time_of(pid_t child) {
  clockid_t clock{};
  if (clock_getcpuclockid(child, &clock) != 0) {
    throw std::runtime_error("a child has no processor time any more");
  }
  return read(clock);
}

std::chrono::nanoseconds own_processor_time() {
  return read(CLOCK_PROCESS_CPUTIME_ID);
}

}  // namespace ccbus::bench
