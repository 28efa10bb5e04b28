#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "service/base/gojson/value.h"

namespace ccbus::gojson {

// Where a value stands in its container.
struct Place {
  const std::string* name;  // Null unless the container is an object.
  std::size_t position;     // 0 for the root.
};

// Calls `begin(value, place)` for a value and all values in it, in their order, and
// `end(container)` after the last value of each array and object. Does not call itself.
template <class Begin, class End>
void walk(const Value& root, const Begin& begin, const End& end) {
  struct Open {
    const Value* container;
    std::size_t next;
  };
  using ByPosition = Value::object_t::Container;
  std::vector<Open> open;
  const auto enter = [&open, &begin](const Value& value, const Place& place) {
    begin(value, place);
    if (value.is_structured()) open.push_back({&value, 0});
  };
  enter(root, {nullptr, 0});
  while (!open.empty()) {
    const Value& container = *open.back().container;
    const std::size_t at = open.back().next++;
    if (at == container.size()) {
      end(container);
      open.pop_back();
    } else if (container.is_array()) {
      enter(container[at], {nullptr, at});
    } else {
      const ByPosition& members = container.get_ref<const Value::object_t&>();
      enter(members[at].second, {&members[at].first, at});
    }
  }
}

}  // namespace ccbus::gojson
