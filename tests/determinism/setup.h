#pragma once

#include <cstdint>
#include <string>

#include "ccbus/channel_config.pb.h"
#include "ccbus/definition.pb.h"
#include "tests/determinism/author.h"

namespace ccbus::determinism {

// The collections of the chaincode "basic".
inline constexpr const char* kLasting = "lasting";
inline constexpr const char* kShortLived = "short-lived";  // Three blocks.
inline constexpr const char* kStrictOnes = "strict-ones";  // With an endorsement policy.

// The configuration of the channel. From the second one on, a peer of each organisation is revoked.
[[nodiscard]] ccbus::ChannelConfig channel_config(const Author& author, std::uint64_t sequence);

// "basic": public keys that one organisation endorses, collections, indexes, which change with the
// sequence.
[[nodiscard]] ccbus::ChaincodeDefinition basic_definition(std::uint64_t sequence);
// "strict": all three organisations endorse.
[[nodiscard]] ccbus::ChaincodeDefinition strict_definition();

// A signature policy, encoded.
[[nodiscard]] std::string policy(const std::string& text);

// The bundles without which no transaction of another one is valid.
void set_up(Author& author);

}  // namespace ccbus::determinism
