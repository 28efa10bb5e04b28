#include "service/assembly/process_memory.h"

#include <malloc.h>

#include <cstddef>

namespace ccbus {
namespace {

constexpr int kArenas = 2;  // Few threads allocate much at the same time.
constexpr std::size_t kKeptBytes = 64u << 20;

}  // namespace

void limit_arenas() {
  mallopt(M_ARENA_MAX, kArenas);
}

void give_memory_back() {
  if (mallinfo2().fordblks > kKeptBytes) malloc_trim(kKeptBytes);
}

}  // namespace ccbus
