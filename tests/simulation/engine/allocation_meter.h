#pragma once

#include <cstdint>

namespace ccbus::simulation {

// How many bytes the service holds: what was allocated while a MeteredWork was open on the thread
// and has not been freed. Commits, the simulated network and the actors allocate outside. Not
// measured under sanitizers, which have an allocator of their own.
class AllocationMeter {
 public:
  [[nodiscard]] static std::int64_t live_bytes();
  [[nodiscard]] static bool is_measuring();
};

// Counts until its end; nested ones change nothing.
class MeteredWork {
 public:
  MeteredWork();
  ~MeteredWork();
  MeteredWork(const MeteredWork&) = delete;
  MeteredWork& operator=(const MeteredWork&) = delete;

 private:
  const bool was_metered_;
};

// What the service's work has done outside of it, as sending: not counted until its end.
class UnmeteredWork {
 public:
  UnmeteredWork();
  ~UnmeteredWork();
  UnmeteredWork(const UnmeteredWork&) = delete;
  UnmeteredWork& operator=(const UnmeteredWork&) = delete;

 private:
  const bool was_metered_;
};

}  // namespace ccbus::simulation
