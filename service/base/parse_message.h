#pragma once

#include <google/protobuf/message.h>

#include <cstddef>
#include <string_view>

#include "service/base/result.h"

namespace ccbus {

// Decoding takes memory beyond the encoded bytes: an empty text takes two bytes on the wire and
// some fifty decoded. Messages of more than kUncheckedBytesMax are therefore looked through first,
// which allocates nothing, and are not decoded if they would take more than the limit.
inline constexpr std::size_t kUncheckedBytesMax = 256u << 10;
// For what comes in at an endpoint and is decoded on the bus thread.
inline constexpr std::size_t kReceivedOverheadMax = 32u << 20;
// For everything else.
inline constexpr std::size_t kDecodedOverheadMax = 128u << 20;

// Estimates how much more memory than the encoded bytes the decoded message takes; counts unknown
// fields, too. Stops at the first estimate above `max`. What protobuf would refuse is estimated as
// far as it is sound. Never allocates; any thread.
[[nodiscard]] std::size_t decoded_overhead(const google::protobuf::Descriptor& type,
                                           std::string_view encoded, std::size_t max);

// Counts how often a field with texts or messages occurs at the top of an encoded message. Stops
// after a million fields, and where the bytes are not sound. Never allocates; any thread.
[[nodiscard]] std::size_t count_fields(std::string_view encoded, int number);

// Decodes one protobuf message and replaces the content of `message`. Unknown fields are dropped.
// Errors: kInvalid  the bytes are not such a message, or are more than protobuf can decode (2 GiB).
//         kExhausted  it would take more than `overhead_max` beyond its bytes. Nothing was decoded.
[[nodiscard]] Result<void> parse_checked(google::protobuf::Message& message, std::string_view bytes,
                                         std::size_t overhead_max = kDecodedOverheadMax);

// As parse_checked(), for callers that need no reason.
[[nodiscard]] inline bool parse(google::protobuf::Message& message, std::string_view bytes) {
  return parse_checked(message, bytes).has_value();
}

}  // namespace ccbus
