#pragma once

#include <cstddef>

namespace ccbus::ledger {

// The column families of a channel's database.
enum class Family {
  kMeta,
  kState,
  kBlocks,
  kTransactions,
  kHistory,
  kPrivateWrites,
  kExpiry,
  kIndexes,
};
inline constexpr std::size_t kFamilies = 8;

}  // namespace ccbus::ledger
