#include "service/assembly/descriptor_budget.h"

#include <sys/resource.h>

#include <algorithm>
#include <string>

namespace ccbus {
namespace {

// For standard streams, logs, libzmq's own, timers and whatever the libraries open for a moment.
constexpr std::size_t kReserve = 64;

constexpr std::size_t kTablesMax = 512;
constexpr std::size_t kTablesMin = 32;  // RocksDB takes no fewer than 20.
// Of a database, beside the files of its tables: logs, the lock, what a compaction writes.
constexpr std::size_t kDatabaseBeside = 16;
constexpr std::size_t kDatabaseMin = kTablesMin + kDatabaseBeside;
constexpr std::size_t kDatabasesForAWhile = 2;
constexpr std::size_t kDatabaseMax = kTablesMax + kDatabaseBeside;

constexpr std::size_t kHttpConnectionsMax = 256;
constexpr std::size_t kHttpConnectionsMin = 8;
constexpr std::size_t kHttpBeside = 3;  // The listening socket, epoll's, and the one that wakes it.

// For connections that will not stay.
constexpr std::size_t kSurplusMin = 32;
constexpr std::size_t kSurplusMax = 8192;
constexpr std::size_t kEndpointsMin = kSurplusMin + 16;

// Shares out the descriptors of both endpoints.
void share_endpoints(std::size_t descriptors, std::size_t peers_max, DescriptorBudget& budget) {
  const std::size_t surplus = std::clamp(descriptors / 8, kSurplusMin, kSurplusMax);
  budget.of_both = {descriptors - surplus, descriptors - (surplus + 1) / 2};
  const std::size_t of_other = budget.of_both.peers_max / 8;
  budget.of_each.peers_max = std::min(peers_max, budget.of_both.peers_max - of_other);
  budget.of_each.connections_max =
      std::min(peers_max + surplus / 4, budget.of_both.connections_max - of_other);
}

}  // namespace

Result<DescriptorBudget> share_descriptors(std::size_t allowed, const DescriptorNeeds& needs) {
  DescriptorBudget budget;
  budget.allowed = allowed;
  budget.http_connections_max =
      needs.serves_http ? std::clamp(allowed / 8, kHttpConnectionsMin, kHttpConnectionsMax) : 0;
  const std::size_t http = needs.serves_http ? budget.http_connections_max + kHttpBeside : 0;
  const std::size_t databases_min =
      needs.channels == 0 ? 0 : (needs.channels + kDatabasesForAWhile) * kDatabaseMin;
  const std::size_t least = kReserve + http + databases_min + kEndpointsMin;
  if (allowed < least) {
    return fail(ErrorCode::kExhausted, "the system allows this process " + std::to_string(allowed) +
                                           " descriptors (ulimit -n, LimitNOFILE=); at least " +
                                           std::to_string(least) + " are needed");
  }
  const std::size_t rest = allowed - kReserve - http;
  const std::size_t peers = 2 * needs.limits.peers_max;
  const std::size_t endpoints_wanted = peers + std::clamp(peers / 7, kSurplusMin, kSurplusMax);
  const std::size_t channels_later =
      needs.limits.channels_max - std::min(needs.channels, needs.limits.channels_max);
  const std::size_t databases_wanted =
      needs.channels == 0
          ? 0
          : needs.channels * kDatabaseMax + (channels_later + kDatabasesForAWhile) * kDatabaseMin;
  // Databases get what the endpoints leave of their half, and the other way round.
  const std::size_t endpoints_half = std::min(endpoints_wanted, rest / 2);
  budget.databases = std::max(databases_min, std::min(databases_wanted, rest - endpoints_half));
  share_endpoints(std::min(endpoints_wanted, rest - budget.databases), needs.limits.peers_max,
                  budget);
  return budget;
}

std::size_t raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1024;  // POSIX knows no reason for this.
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  getrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

DatabaseDescriptors::DatabaseDescriptors(std::size_t all, std::size_t channels_at_start,
                                         std::size_t channels_max) {
  const std::size_t at_start = std::max<std::size_t>(channels_at_start, 1);
  const std::size_t later =
      (channels_max - std::min(at_start, channels_max) + kDatabasesForAWhile) * kDatabaseMin;
  const std::size_t share = std::max(all - std::min(all, later), all / 2) / at_start;
  tables_at_start_ = std::clamp(share - std::min(share, kDatabaseBeside), kTablesMin, kTablesMax);
  const std::size_t used = at_start * (tables_at_start_ + kDatabaseBeside);
  const std::size_t others = (all - std::min(all, used)) / kDatabaseMin;
  channels_max_ = std::min(channels_max, at_start + others - std::min(others, kDatabasesForAWhile));
}

std::size_t DatabaseDescriptors::tables_later() {
  return kTablesMin;
}

}  // namespace ccbus
