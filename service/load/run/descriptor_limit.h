#pragma once

#include <cstdint>
#include <string>

#include "service/base/result.h"

namespace ccbus::load {

// Descriptors that a process of this tool needs beside its connections: libzmq's, the pipes to its
// children, its own.
inline constexpr std::uint64_t kDescriptorsBeside = 64;

// Raises this process's limit as far as the system lets it, and makes sure of room for so many
// connections. `whose` names them: "10000 dealers in one process".
//
// Errors: kExhausted, naming what is needed, the limit, and what can be done.
[[nodiscard]] Result<void> reserve_descriptors(const std::string& whose, std::uint64_t connections,
                                               const std::string& remedy);

// The pure part of it.
[[nodiscard]] Result<void> check_descriptors(const std::string& whose, std::uint64_t connections,
                                             std::uint64_t limit, const std::string& remedy);

}  // namespace ccbus::load
