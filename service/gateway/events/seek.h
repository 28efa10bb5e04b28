#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "fabric/common/common.pb.h"
#include "fabric/orderer/ab.pb.h"
#include "service/base/result.h"

namespace ccbus::gateway {

// What a signed request for blocks asks for.
struct Seek {
  common::ChannelHeader header;
  std::string creator;  // An encoded msp.SerializedIdentity.
  orderer::SeekInfo info;
};

// The bytes of the largest payload that is read. A certificate and two positions have some 2,000.
inline constexpr std::size_t kSeekBytesMax = 64 * 1024;

// Reads an envelope of the type DELIVER_SEEK_INFO. Neither its time nor its signature is checked.
//
// Errors: kInvalid  it cannot be read, or is not whole.
// Source: Fabric's common/deliver/deliver.go.
[[nodiscard]] Result<Seek> read_seek(const common::Envelope& envelope);

// The blocks that are asked for.
struct BlockSpan {
  std::uint64_t first = 0;
  std::uint64_t last = 0;  // Included; the largest number there is: without an end.
};

// Where a seek begins and ends in a channel of `height` blocks. `newest` and `next_commit` count
// from the newest block of now.
//
// Errors: kInvalid  a position is missing or of a kind that has no meaning there; the seek ends
//         before it begins; it asks for headers only.
[[nodiscard]] Result<BlockSpan> span_of(const orderer::SeekInfo& info, std::uint64_t height);

}  // namespace ccbus::gateway
