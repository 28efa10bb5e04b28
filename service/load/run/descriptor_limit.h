#pragma once

#include <cstdint>
#include <string>

#include "service/base/result.h"

namespace ccbus::load {

// Descriptors that a process of this tool needs in addition to its connections: for libzmq, for the
// pipes to its children, for its files.
inline constexpr std::uint64_t kDescriptorsBeside = 64;

// Raises this process's descriptor limit as far as the system allows, and checks that it suffices
// for that many connections. `whose` describes them: "10000 dealers in one process".
//
// Errors: kExhausted, naming the number needed, the limit, and the remedy.
[[nodiscard]] Result<void> reserve_descriptors(const std::string& whose, std::uint64_t connections,
                                               const std::string& remedy);

// The check alone. Pure.
[[nodiscard]] Result<void> check_descriptors(const std::string& whose, std::uint64_t connections,
                                             std::uint64_t limit, const std::string& remedy);

}  // namespace ccbus::load
