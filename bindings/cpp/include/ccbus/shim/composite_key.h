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

// Makes a key of the form U+0000 type U+0000 attribute U+0000 ... Such keys sort by type and then
// by each attribute, separate from all simple keys.
//
// Errors: Error for a part that is not UTF-8 or contains U+0000 or U+10FFFF.
[[nodiscard]] std::string create_composite_key(std::string_view object_type,
                                               std::span<const std::string> attributes);

// Splits what create_composite_key() makes. Errors: Error for any other key.
[[nodiscard]] CompositeKey split_composite_key(std::string_view key);

}  // namespace ccbus::shim
