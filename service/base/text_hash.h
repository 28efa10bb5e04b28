#pragma once

#define XXH_INLINE_ALL  // Use the header alone, without linking the library.
#include <xxhash.h>

#include <cstddef>
#include <string_view>

namespace ccbus {

// Hashes texts for the hash tables of the hot path; cheaper than std::hash for a transaction id.
// The values differ between versions of the library and must not be stored.
struct TextHash {
  using is_transparent = void;
  [[nodiscard]] std::size_t operator()(std::string_view text) const noexcept {
    return XXH3_64bits(text.data(), text.size());
  }
};

}  // namespace ccbus
