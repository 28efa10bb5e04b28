#pragma once

#include <optional>

#include "service/ledger/block/version.h"

namespace ccbus::ledger {

// The version in a KVRead or a KVReadHash; nullopt if the key did not exist.
template <class Read>
[[nodiscard]] std::optional<Version> version_of(const Read& read) {
  if (!read.has_version()) return std::nullopt;
  return Version{read.version().block_num(), read.version().tx_num()};
}

template <class Read>
void set_version(Read& read, const std::optional<Version>& version) {
  if (!version) return;
  read.mutable_version()->set_block_num(version->block_num);
  read.mutable_version()->set_tx_num(version->tx_num);
}

}  // namespace ccbus::ledger
