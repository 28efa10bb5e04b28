#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ccbus::shim {

struct CompositeKey {
  std::string object_type;
  std::vector<std::string> attributes;
};

// U+0000 type U+0000 attribute U+0000 ... : keys that sort by type and then by each attribute,
// apart from all simple keys.
//
// Errors: Error for a part that is not UTF-8 or holds U+0000 or U+10FFFF.
[[nodiscard]] std::string create_composite_key(std::string_view object_type,
                                               std::span<const std::string> attributes);

// Errors: Error for a key that create_composite_key() cannot have made.
[[nodiscard]] CompositeKey split_composite_key(std::string_view key);

}  // namespace ccbus::shim
