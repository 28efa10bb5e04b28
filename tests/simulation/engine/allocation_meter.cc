#include "tests/simulation/engine/allocation_meter.h"

#include <malloc.h>

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

namespace ccbus::simulation {
namespace {

thread_local bool is_metered = false;
std::atomic<std::int64_t> live{0};  // RocksDB's threads may free what was metered.

}  // namespace

std::int64_t AllocationMeter::live_bytes() {
  return live.load(std::memory_order_relaxed);
}

MeteredWork::MeteredWork() : was_metered_(std::exchange(is_metered, true)) {}

MeteredWork::~MeteredWork() {
  is_metered = was_metered_;
}

UnmeteredWork::UnmeteredWork() : was_metered_(std::exchange(is_metered, false)) {}

UnmeteredWork::~UnmeteredWork() {
  is_metered = was_metered_;
}

#ifdef CCBUS_METERS_ALLOCATIONS

bool AllocationMeter::is_measuring() {
  return true;
}

}  // namespace ccbus::simulation

namespace {

// At the end of every allocation: its size if it is metered, otherwise 0. It stands behind what was
// asked for, since RocksDB asks malloc about pointers that come from new.
void write_tag(char* memory, std::size_t usable, std::size_t metered_bytes) {
  std::memcpy(memory + usable - sizeof metered_bytes, &metered_bytes, sizeof metered_bytes);
}

std::size_t read_tag(const char* memory, std::size_t usable) {
  std::size_t metered_bytes = 0;
  std::memcpy(&metered_bytes, memory + usable - sizeof metered_bytes, sizeof metered_bytes);
  return metered_bytes;
}

}  // namespace

// All other forms of new and delete, but for those with an alignment, come here.
void* operator new(std::size_t bytes) {
  using namespace ccbus::simulation;
  auto* memory = static_cast<char*>(std::malloc(bytes + sizeof bytes));
  if (memory == nullptr) throw std::bad_alloc();
  const std::size_t usable = malloc_usable_size(memory);
  write_tag(memory, usable, is_metered ? usable : 0);
  if (is_metered) live += static_cast<std::int64_t>(usable);
  return memory;
}

void operator delete(void* memory) noexcept {
  if (memory == nullptr) return;
  const std::size_t bytes = read_tag(static_cast<char*>(memory), malloc_usable_size(memory));
  if (bytes > 0) ccbus::simulation::live -= static_cast<std::int64_t>(bytes);
  std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept {
  operator delete(memory);
}

#else

bool AllocationMeter::is_measuring() {
  return false;
}

}  // namespace ccbus::simulation

#endif
