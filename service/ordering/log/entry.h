#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "service/base/ordered_envelope.h"

namespace ccbus::ordering {

// What one replica adds to the log of a channel. proto/ccbus/log.proto has what it means to others.

struct Bundle {  // The transactions of one block.
  std::vector<OrderedEnvelope> envelopes;
};

struct Join {
  std::string nonce;
  std::vector<std::string> addresses = {};
  std::uint64_t previous_epoch = 0;
};

struct Leave {};

struct LowWater {
  std::uint64_t position = 0;
};

// A height, and digests of what stands at it.
struct Checkpoint {
  std::uint64_t height = 0;
  std::string chain_hash;
  std::string state_hash;
};

struct Barrier {};

struct Genesis {
  std::string generation;  // 16 bytes.
  Checkpoint start = {};
};

// Its name: no two entries that are to be applied have the same one.
struct EntryId {
  std::string replica;
  std::uint64_t epoch = 0;
  std::uint64_t sequence = 0;
  bool operator==(const EntryId&) const = default;
};

struct Entry {
  EntryId id;
  std::variant<Bundle, Join, Leave, LowWater, Checkpoint, Barrier, Genesis> content;
};

}  // namespace ccbus::ordering
