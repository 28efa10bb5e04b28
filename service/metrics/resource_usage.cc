#include "service/metrics/resource_usage.h"

#include <sys/resource.h>
#include <unistd.h>

#include <fstream>

namespace ccbus {
namespace {

std::chrono::microseconds duration_of(const timeval& time) {
  return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
}

// /proc/self/statm: pages in all, pages resident, ...
std::uint64_t read_resident_bytes() {
  std::uint64_t pages_in_all = 0;
  std::uint64_t pages_resident = 0;
  std::ifstream("/proc/self/statm") >> pages_in_all >> pages_resident;
  return pages_resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace

ResourceUsage read_resource_usage() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  return {duration_of(used.ru_utime) + duration_of(used.ru_stime), read_resident_bytes()};
}

}  // namespace ccbus
