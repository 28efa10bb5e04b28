#pragma once

#include <cstddef>

#include "service/base/limits.h"
#include "service/base/result.h"

namespace ccbus {

// How the descriptors that the system allows this process (RLIMIT_NOFILE) are shared out, so that
// no part takes what another one needs. Each part keeps to its share by itself.
struct DescriptorBudget {
  std::size_t allowed = 0;  // RLIMIT_NOFILE.

  // Peers beyond the first number are refused with a reason, connections beyond the second are
  // ended at once. As many again are left for those that libzmq accepts before we can end them.
  struct Connections {
    std::size_t peers_max = 0;
    std::size_t connections_max = 0;
  };
  Connections of_both;  // Endpoints together.
  Connections of_each;  // An eighth of all can only be used by the other one.

  std::size_t http_connections_max = 0;
  std::size_t databases = 0;  // Of all ledgers.
};

// What is to be shared out.
struct DescriptorNeeds {
  const Limits& limits;
  bool serves_http = true;
  std::size_t channels = 1;  // Whose ledgers are on the disk at the start.
};

// Errors: kExhausted if so few are allowed that nobody could be served.
[[nodiscard]] Result<DescriptorBudget> share_descriptors(std::size_t allowed,
                                                         const DescriptorNeeds& needs);

// Raises the limit of this process as far as it may itself. Returns the limit.
[[nodiscard]] std::size_t raise_descriptor_limit();

// How the descriptors of the databases are shared out. Those that are there at the start get what
// the others, up to limits.channels, do not need at least, or half of all.
class DatabaseDescriptors {
 public:
  DatabaseDescriptors(std::size_t all, std::size_t channels_at_start, std::size_t channels_max);

  // How many files of tables a database may have open.
  [[nodiscard]] std::size_t tables_at_start() const { return tables_at_start_; }
  [[nodiscard]] static std::size_t tables_later();

  // How many channels there can be in all, with room for two more databases: those that a reset or
  // a restore, and a verification, make.
  [[nodiscard]] std::size_t channels_max() const { return channels_max_; }

 private:
  std::size_t tables_at_start_;
  std::size_t channels_max_;
};

}  // namespace ccbus
