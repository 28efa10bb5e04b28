#pragma once

#include <compare>
#include <cstdint>
#include <string>

namespace ccbus::ledger {

// Where a value was written: the block, and the transaction's place in it. Invalid transactions
// count.
struct Version {
  std::uint64_t block_num = 0;
  std::uint64_t tx_num = 0;
  auto operator<=>(const Version&) const = default;
};

// As "(3,1)": block 3, transaction 1. For people.
[[nodiscard]] inline std::string to_string(const Version& version) {
  return "(" + std::to_string(version.block_num) + "," + std::to_string(version.tx_num) + ")";
}

// `metadata` is an encoded kvrwset::KVMetadataWrite without its key; empty if the key has none.
struct VersionedValue {
  std::string value;
  std::string metadata;
  Version version;
};

struct KeyValue {
  std::string key;
  std::string value;
  Version version;
};

}  // namespace ccbus::ledger
