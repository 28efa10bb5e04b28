#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "service/base/clock.h"
#include "service/load/result/load_result.h"

namespace ccbus::load {

// The resources that some local processes have used so far. Two samples give a Usage.
struct ProcessSample {
  SteadyTime time;
  std::uint32_t processes = 0;
  std::chrono::nanoseconds cpu{0};  // Of all threads since the start of each process.
  std::uint64_t resident_bytes = 0;
  struct Thread {
    std::string name;
    std::chrono::nanoseconds cpu{0};
  };
  std::map<pid_t, Thread> threads;  // Processor time of each thread, to 10 ms.
};

// The processor time that the whole machine has used so far, in ticks.
struct MachineSample {
  SteadyTime time;
  std::uint64_t busy = 0;
  std::uint64_t stolen = 0;  // Given to other machines by the hypervisor.
  std::uint64_t all = 0;
};

// Returns zeros if there is no /proc/stat.
[[nodiscard]] MachineSample sample_machine();

// Processes that have ended are left out.
[[nodiscard]] ProcessSample sample_processes(const std::vector<pid_t>& pids);

// Returns what was used between two samples of the same processes.
[[nodiscard]] Usage usage_between(const ProcessSample& from, const ProcessSample& until);

[[nodiscard]] double busy_cores(const MachineSample& from, const MachineSample& until);
[[nodiscard]] double stolen_share(const MachineSample& from, const MachineSample& until);

}  // namespace ccbus::load
