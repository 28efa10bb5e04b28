#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>
#include <string_view>

namespace ccbus::security {

using Sha256Digest = std::array<unsigned char, 32>;

// SHA-256 of the pieces, one after the other. Thread: any.
[[nodiscard]] Sha256Digest sha256(std::initializer_list<std::string_view> pieces);

[[nodiscard]] inline std::string_view as_text(const Sha256Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}  // namespace ccbus::security
