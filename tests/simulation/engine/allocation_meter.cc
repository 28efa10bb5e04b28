#include "tests/simulation/engine/allocation_meter.h"

#include <malloc.h>

#include <cstdlib>
#include <new>
#include <utility>

namespace ccbus::simulation {
namespace {

thread_local bool is_metered = false;
thread_local std::int64_t live = 0;

}  // namespace

void AllocationMeter::reset() {
  live = 0;
}

std::int64_t AllocationMeter::live_bytes() {
  return live;
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

// All other forms of new and delete, but for aligned ones, come here.
void* operator new(std::size_t bytes) {
  void* made = std::malloc(bytes);
  if (made == nullptr) throw std::bad_alloc();
  using namespace ccbus::simulation;
  if (is_metered) live += static_cast<std::int64_t>(malloc_usable_size(made));
  return made;
}

void operator delete(void* memory) noexcept {
  using namespace ccbus::simulation;
  if (is_metered) live -= static_cast<std::int64_t>(malloc_usable_size(memory));
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
