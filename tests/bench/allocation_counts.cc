#include "tests/bench/allocation_counts.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace ccbus::bench {
namespace {

const AllocationSlots* map_new_file(const std::filesystem::path& file) {
  const int descriptor = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  void* mapped = MAP_FAILED;
  if (descriptor >= 0 && ftruncate(descriptor, sizeof(AllocationSlots)) == 0) {
    mapped = mmap(nullptr, sizeof(AllocationSlots), PROT_READ, MAP_SHARED, descriptor, 0);
  }
  const int error = errno;
  if (descriptor >= 0) close(descriptor);
  if (mapped == MAP_FAILED) throw std::system_error(error, std::generic_category(), file.string());
  return static_cast<const AllocationSlots*>(mapped);
}

}  // namespace

AllocationCounts::AllocationCounts()
    : file_(directory_.path() / "allocations"), slots_(map_new_file(file_)) {}

AllocationCounts::~AllocationCounts() {
  munmap(const_cast<AllocationSlots*>(slots_), sizeof(AllocationSlots));
}

std::vector<std::string> AllocationCounts::launcher() const {
  return {"/usr/bin/env", std::string("LD_PRELOAD=") + BENCH_ALLOCATION_COUNTER_LIBRARY,
          std::string(AllocationSlots::kVariable) + "=" + file_.string()};
}

Allocations AllocationCounts::read(pid_t child) const {
  Allocations all;
  for (const AllocationSlots::Slot& slot : slots_->slots) {
    auto& side = slot.thread == child ? all.main_thread : all.other_threads;
    side += slot.calls;
  }
  if (all.main_thread == 0) throw std::runtime_error("the child's allocations were not counted");
  return all;
}

}  // namespace ccbus::bench
