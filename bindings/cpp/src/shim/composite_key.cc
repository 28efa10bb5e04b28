#include "ccbus/shim/composite_key.h"

#include "bindings/cpp/src/transport/utf8.h"
#include "ccbus/shim/error.h"

namespace ccbus::shim {
namespace {

constexpr char kSeparator = '\0';

void append_part(std::string& key, std::string_view part) {
  if (!transport::is_utf8(part)) throw Error("a part of a composite key is not UTF-8");
  if (part.find(kSeparator) != std::string_view::npos)
    throw Error("a part of a composite key holds U+0000, which separates the parts");
  if (part.find(transport::kLargestCodePoint) != std::string_view::npos)
    throw Error("a part of a composite key holds U+10FFFF, which ends a range of them");
  key += part;
  key += kSeparator;
}

}  // namespace

std::string create_composite_key(std::string_view object_type,
                                 std::span<const std::string> attributes) {
  std::string key(1, kSeparator);
  append_part(key, object_type);
  for (const std::string& attribute : attributes) append_part(key, attribute);
  return key;
}

CompositeKey split_composite_key(std::string_view key) {
  if (key.size() < 2 || key.front() != kSeparator || key.back() != kSeparator)
    throw Error("not a composite key: U+0000 has to begin and end it");
  key.remove_prefix(1);
  CompositeKey parts;
  bool first = true;
  while (!key.empty()) {
    const std::size_t end = key.find(kSeparator);
    std::string part(key.substr(0, end));
    key.remove_prefix(end + 1);
    if (first) {
      parts.object_type = std::move(part);
      first = false;
    } else {
      parts.attributes.push_back(std::move(part));
    }
  }
  return parts;
}

}  // namespace ccbus::shim
