#include "tests/memory/failing_memory.h"

#include <dlfcn.h>
#include <execinfo.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <new>

namespace ccbus::test {
namespace {

thread_local int armed = 0;
thread_local bool is_deciding = false;  // Looking at the stack may allocate.

MemoryPlan plan;
std::uint64_t counted = 0;
std::uint64_t failed = 0;
std::uint64_t random_state = 0;

std::uint64_t next_random() {
  random_state += 0x9e3779b97f4a7c15u;
  std::uint64_t mixed = random_state;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9u;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
  return mixed ^ (mixed >> 31);
}

// Libraries whose own failures are not the service's to survive; the logger survives its own. Of
// protobuf that is the maps, which are broken when an insertion has thrown.
bool is_of_another(const void* address) {
  Dl_info info{};
  if (dladdr(address, &info) == 0 || info.dli_fname == nullptr) return false;
  for (const char* library :
       {"librocksdb", "libzmq", "libcrypto", "libspdlog", "libfmt", "libicu"}) {
    if (std::strstr(info.dli_fname, library) != nullptr) return true;
  }
  return info.dli_sname != nullptr && std::strstr(info.dli_sname, "8protobuf3Map") != nullptr;
}

bool is_ours() {
  std::array<void*, 64> frames{};
  is_deciding = true;
  const int count = backtrace(frames.data(), static_cast<int>(frames.size()));
  bool ours = true;
  for (int i = 0; i < count && ours; ++i)
    ours = !is_of_another(frames[static_cast<std::size_t>(i)]);
  is_deciding = false;
  return ours;
}

bool is_to_fail() {
  if (armed <= 0 || is_deciding) return false;
  ++counted;
  const bool is_due = plan.fail_at != 0 && counted >= plan.fail_at && failed == 0;
  const bool is_unlucky = plan.fail_per_1024 != 0 && next_random() % 1024 < plan.fail_per_1024;
  if ((!is_due && !is_unlucky) || !is_ours()) return false;
  ++failed;
  return true;
}

// Says where an exception was let out.
[[noreturn]] void say_where() {
  std::array<void*, 64> frames{};
  const int count = backtrace(frames.data(), static_cast<int>(frames.size()));
  backtrace_symbols_fd(frames.data(), count, STDERR_FILENO);
  std::abort();
}

void* allocate(std::size_t size, std::size_t alignment) {
  if (is_to_fail()) return nullptr;
  const std::size_t wanted = size == 0 ? 1 : size;
  if (alignment <= __STDCPP_DEFAULT_NEW_ALIGNMENT__) return std::malloc(wanted);
  return std::aligned_alloc(alignment, (wanted + alignment - 1) / alignment * alignment);
}

void* allocate_or_throw(std::size_t size, std::size_t alignment) {
  void* memory = allocate(size, alignment);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

void plan_memory(const MemoryPlan& next) {
  std::array<void*, 4> frames{};
  static_cast<void>(backtrace(frames.data(), 4));  // Its first call loads a library.
  std::set_terminate(say_where);
  plan = next;
  counted = 0;
  failed = 0;
  random_state = next.seed;
}

std::uint64_t allocations_armed() {
  return counted;
}
std::uint64_t allocations_failed() {
  return failed;
}

Armed::Armed() noexcept {
  ++armed;
}
Armed::~Armed() {
  --armed;
}
}  // namespace ccbus::test

using ccbus::test::allocate;
using ccbus::test::allocate_or_throw;

void* operator new(std::size_t size) {
  return allocate_or_throw(size, 1);
}
void* operator new[](std::size_t size) {
  return allocate_or_throw(size, 1);
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  return allocate_or_throw(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return allocate_or_throw(size, static_cast<std::size_t>(alignment));
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return allocate(size, 1);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return allocate(size, 1);
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete[](void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, std::align_val_t) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept {
  std::free(memory);
}
