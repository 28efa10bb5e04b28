#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "fabric/peer/proposal.pb.h"

namespace ccbus::shim {

// The parts of a transaction's proposal that a chaincode can read.
struct Proposal {
  std::string creator;
  std::string nonce;
  std::uint64_t epoch = 0;
  std::optional<std::chrono::sys_time<std::chrono::nanoseconds>> timestamp;
  std::map<std::string, std::string> transient;

  // SHA-256(nonce, creator, epoch as eight little-endian bytes).
  [[nodiscard]] std::string binding() const;
};

// Returns nullopt if the time cannot be said in nanoseconds: after the year 2255, for example.
[[nodiscard]] std::optional<std::chrono::sys_time<std::chrono::nanoseconds>> time_of(
    std::int64_t seconds, std::int32_t nanos);

// Errors: Error, naming the part that is missing or cannot be decoded.
[[nodiscard]] Proposal decode_proposal(const protos::SignedProposal& signed_proposal);

}  // namespace ccbus::shim
