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

// What some processes of this machine have used up to one moment. Two samples make a Usage.
struct ProcessSample {
  SteadyTime time;
  std::uint32_t processes = 0;
  std::chrono::nanoseconds cpu{0};  // Of all threads since the start of each process.
  std::uint64_t resident_bytes = 0;
  struct Thread {
    std::string name;
    std::chrono::nanoseconds cpu{0};
  };
  std::map<pid_t, Thread> threads;  // The same for each thread, to 10 ms.
};

// The whole machine up to one moment, in ticks: who keeps the processors busy, whoever it is.
struct MachineSample {
  SteadyTime time;
  std::uint64_t busy = 0;
  std::uint64_t stolen = 0;  // Given to other machines by the hypervisor.
  std::uint64_t all = 0;
};

// Zeros where there is no /proc/stat.
[[nodiscard]] MachineSample sample_machine();

// One that has ended counts as nothing.
[[nodiscard]] ProcessSample sample_processes(const std::vector<pid_t>& pids);

// What was used between two samples of the same processes.
[[nodiscard]] Usage usage_between(const ProcessSample& from, const ProcessSample& until);

[[nodiscard]] double busy_cores(const MachineSample& from, const MachineSample& until);
[[nodiscard]] double stolen_share(const MachineSample& from, const MachineSample& until);

}  // namespace ccbus::load
