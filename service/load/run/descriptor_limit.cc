#include "service/load/run/descriptor_limit.h"

#include <sys/resource.h>

namespace ccbus::load {

Result<void> check_descriptors(const std::string& whose, std::uint64_t connections,
                               std::uint64_t limit, const std::string& remedy) {
  const std::uint64_t needed = connections + kDescriptorsBeside;
  if (needed <= limit) return {};
  return fail(ErrorCode::kExhausted, whose + " need " + std::to_string(needed) +
                                         " descriptors, the limit is " + std::to_string(limit) +
                                         "; raise it (ulimit -n, LimitNOFILE=)" +
                                         (remedy.empty() ? "" : " or " + remedy));
}

Result<void> reserve_descriptors(const std::string& whose, std::uint64_t connections,
                                 const std::string& remedy) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return {};
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  getrlimit(RLIMIT_NOFILE, &limit);
  return check_descriptors(whose, connections, limit.rlim_cur, remedy);
}

}  // namespace ccbus::load
