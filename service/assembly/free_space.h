#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "service/base/clock.h"
#include "service/base/result.h"

namespace ccbus {

// The bytes that this process may still write to the file system of a path. Errors: kIo.
[[nodiscard]] Result<std::uint64_t> free_bytes(const std::filesystem::path& path);

// "<directory> has <free> bytes free, limit <limit> (limits.diskFreeBytes)"
[[nodiscard]] std::string describe_low_space(const std::filesystem::path& directory,
                                             std::uint64_t free, std::uint64_t limit);

// Watches the free space of the ledger's disk for a committer. It looks at most once a second, or
// sooner if much has been written since.
//
// Thread: one at a time.
class FreeSpace {
 public:
  // Without a directory there is always enough.
  FreeSpace(std::optional<std::filesystem::path> directory, std::uint64_t bytes_min);

  // Whether it is time to look again; `bytes` will be written now.
  [[nodiscard]] bool is_due(SteadyTime now, std::uint64_t bytes);

  // Looks. Returns the refusal (kExhausted) if there is too little space. A file system that does
  // not tell is taken for one with space: its writes will show.
  [[nodiscard]] std::optional<Error> look(SteadyTime now);

  // What look() returned last.
  [[nodiscard]] bool is_low() const { return is_low_; }

 private:
  const std::optional<std::filesystem::path> directory_;
  const std::uint64_t bytes_min_;
  SteadyTime looked_;
  std::uint64_t bytes_since_ = 0;
  bool is_low_ = false;
};

}  // namespace ccbus
