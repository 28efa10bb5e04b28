#include "service/assembly/process_memory.h"

#include <malloc.h>

#include <cstddef>

namespace ccbus {
namespace {

constexpr std::size_t kKeptBytes = 64u << 20;

}  // namespace

void give_memory_back() {
  if (mallinfo2().fordblks > kKeptBytes) malloc_trim(kKeptBytes);
}

}  // namespace ccbus
