// Counts the heap allocations of a program into which it is loaded with LD_PRELOAD, by thread:
// every call that returns new memory. AllocationCounts reads the counts.
#include <execinfo.h>
#include <fcntl.h>
#include <malloc.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "tests/bench/allocation_slots.h"

// glibc's own functions, by names that are never replaced.
extern "C" {
void* __libc_malloc(std::size_t bytes);
void* __libc_calloc(std::size_t count, std::size_t bytes);
void* __libc_realloc(void* old, std::size_t bytes);
void* __libc_memalign(std::size_t alignment, std::size_t bytes);
}

namespace {

using ccbus::bench::AllocationSlots;

AllocationSlots* all_slots = nullptr;

// Access must not allocate, so they are in the thread's static storage.
__attribute__((tls_model("initial-exec"))) thread_local AllocationSlots::Slot* own_slot = nullptr;
__attribute__((tls_model("initial-exec"))) thread_local bool is_tracing = false;

AllocationSlots::Slot* claim_slot() {
  const auto self = static_cast<pid_t>(syscall(SYS_gettid));
  for (AllocationSlots::Slot& slot : all_slots->slots) {
    pid_t nobody = 0;
    if (slot.thread.compare_exchange_strong(nobody, self)) return &slot;
  }
  return &all_slots->slots.back();
}

std::uint64_t hash_of(void* const* frames, int count) {
  std::uint64_t hash = 14'695'981'039'346'656'037u;  // FNV-1a, a frame at a time.
  for (int i = 0; i < count; ++i) {
    hash = (hash ^ reinterpret_cast<std::uintptr_t>(frames[i])) * 1'099'511'628'211u;
  }
  return hash == 0 ? 1 : hash;
}

void count_stack() {
  constexpr int kOwn = 2;  // Frames of this file: this function, and the replacement of malloc().
  void* frames[AllocationSlots::kFrames + kOwn];
  const int all = backtrace(frames, AllocationSlots::kFrames + kOwn);
  if (all <= kOwn) return;
  const std::uint64_t hash = hash_of(frames + kOwn, all - kOwn);
  for (std::size_t probe = 0; probe < AllocationSlots::kStacks; ++probe) {
    AllocationSlots::Stack& stack = all_slots->stacks[(hash + probe) % AllocationSlots::kStacks];
    std::uint64_t found = 0;
    if (stack.hash.compare_exchange_strong(found, hash)) {
      for (int i = kOwn; i < all; ++i) {
        stack.frames[i - kOwn] = reinterpret_cast<std::uintptr_t>(frames[i]);
      }
    } else if (found != hash) {
      continue;
    }
    stack.calls.fetch_add(1, std::memory_order_relaxed);
    return;
  }
}

[[gnu::always_inline]] inline void count() {
  if (all_slots == nullptr || is_tracing) return;
  if (own_slot == nullptr) own_slot = claim_slot();
  own_slot->calls.fetch_add(1, std::memory_order_relaxed);
  if (!all_slots->stacks_wanted.load(std::memory_order_relaxed)) return;
  is_tracing = true;  // The first call of backtrace() loads a library.
  count_stack();
  is_tracing = false;
}

// Ends a program that cannot be watched, since it would appear to allocate nothing.
[[noreturn]] void give_up() {
  constexpr char kWhy[] =
      "allocation_counter: cannot map the file that ALLOCATION_COUNTS_FILE names\n";
  static_cast<void>(!write(STDERR_FILENO, kWhy, sizeof kWhy - 1));
  _exit(1);
}

__attribute__((constructor)) void map_slots() {
  const char* file = std::getenv(AllocationSlots::kVariable);
  if (file == nullptr) give_up();
  const int descriptor = open(file, O_RDWR | O_CLOEXEC);
  if (descriptor < 0) give_up();
  void* mapped =
      mmap(nullptr, sizeof(AllocationSlots), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  close(descriptor);
  if (mapped == MAP_FAILED) give_up();
  all_slots = static_cast<AllocationSlots*>(mapped);
}

}  // namespace

extern "C" {

void* malloc(std::size_t bytes) {
  count();
  return __libc_malloc(bytes);
}

void* calloc(std::size_t members, std::size_t bytes) {
  count();
  return __libc_calloc(members, bytes);
}

void* realloc(void* old, std::size_t bytes) {
  count();
  return __libc_realloc(old, bytes);
}

void* memalign(std::size_t alignment, std::size_t bytes) {
  count();
  return __libc_memalign(alignment, bytes);
}

void* aligned_alloc(std::size_t alignment, std::size_t bytes) {
  count();
  return __libc_memalign(alignment, bytes);
}

int posix_memalign(void** memory, std::size_t alignment, std::size_t bytes) {
  count();
  *memory = __libc_memalign(alignment, bytes);
  return *memory == nullptr ? ENOMEM : 0;
}

}  // extern "C"
