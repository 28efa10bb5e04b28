#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>

namespace ccbus::bench {

// The machine's processor time since construction, from /proc/stat. It shows whether a measurement
// was disturbed by other machines.
//
// Errors: std::runtime_error if there is no such file.
class ProcessorTime {
 public:
  ProcessorTime() : start_(read()) {}

  // The share that the hypervisor gave to other machines.
  [[nodiscard]] double steal_percent() const;

 private:
  struct Ticks {
    std::uint64_t all = 0;
    std::uint64_t stolen = 0;
  };
  static Ticks read();

  const Ticks start_;
};

// Returns the processor time of all threads of a child. Throws std::runtime_error if it has ended.
[[nodiscard]] std::chrono::nanoseconds processor_time_of(pid_t child);

// The same of this process.
[[nodiscard]] std::chrono::nanoseconds own_processor_time();

}  // namespace ccbus::bench
