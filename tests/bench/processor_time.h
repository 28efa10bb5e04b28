#pragma once

#include <cstdint>

namespace ccbus::bench {

// The machine's processor time since construction, from /proc/stat: what a measurement is worth
// on a machine that others use too.
//
// Errors: std::runtime_error where there is no such file.
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

}  // namespace ccbus::bench
