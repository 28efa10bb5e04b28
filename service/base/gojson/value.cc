#include "service/base/gojson/value.h"

#include <algorithm>
#include <string>

namespace ccbus::gojson {
namespace {

// Two letters beyond ASCII fold to ASCII: the long s and the Kelvin sign.
std::string folded(std::string_view name) {
  std::string text;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char byte = name[i];
    if (name.substr(i, 2) == "\xc5\xbf") {
      text += 's';
      i += 1;
    } else if (name.substr(i, 3) == "\xe2\x84\xaa") {
      text += 'k';
      i += 2;
    } else {
      text += byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte;
    }
  }
  return text;
}

}  // namespace

std::string_view type_name(const Value& value) {
  if (value.is_boolean()) return "bool";
  if (value.is_binary()) return "number";
  return value.type_name();
}

const Value* member(const Value& object, std::string_view name) {
  const auto& members = object.get_ref<const Value::object_t&>();
  for (auto at = members.rbegin(); at != members.rend(); ++at) {
    if (at->first == name) return &at->second;
  }
  return nullptr;
}

const Value* member_of_any_case(const Value& object, std::string_view name) {
  const auto& members = object.get_ref<const Value::object_t&>();
  const std::string wanted = folded(name);
  const auto at = std::find_if(members.rbegin(), members.rend(),
                               [&wanted](const auto& one) { return folded(one.first) == wanted; });
  return at == members.rend() ? nullptr : &at->second;
}

}  // namespace ccbus::gojson
