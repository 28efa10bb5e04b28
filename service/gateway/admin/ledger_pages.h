#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace ccbus::gateway {

// A page of a ledger's answer ends after about this many bytes.
inline constexpr std::size_t kPageBytes = 1u << 20;

// How many entries a page may have: as many as were asked for, or as the service allows.
[[nodiscard]] inline std::uint32_t page_size(std::uint32_t asked, std::uint32_t page_max) {
  return asked == 0 ? page_max : std::min(asked, page_max);
}

}  // namespace ccbus::gateway
