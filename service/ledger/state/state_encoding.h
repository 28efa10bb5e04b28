#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "service/ledger/block/version.h"

namespace ccbus::ledger {

// The encoding of the state family, and what other families share with it. The table in
// service/ledger/README.md shows all of them.

// A database key: length of the namespace, namespace, key. Up to 256 bytes it needs no allocation.
class StateKey {
 public:
  StateKey(std::string_view ns, std::string_view key);

  // Valid as long as the object.
  [[nodiscard]] std::string_view bytes() const {
    return long_.empty() ? std::string_view(short_.data(), size_) : std::string_view(long_);
  }

 private:
  std::array<char, 256> short_;
  std::size_t size_ = 0;
  std::string long_;  // Empty where short_ holds the key.
};

// Appends a name with its length in front, as the namespace in a state key, so that no other name
// and rest give the same bytes.
void append_sized(std::string& out, std::string_view name);

// Removes such a name from the front and returns it. Returns nullopt if there is none.
[[nodiscard]] std::optional<std::string_view> take_sized(std::string_view& bytes);

// What all keys of a namespace start with, and the first key after all of them.
[[nodiscard]] std::string namespace_prefix(std::string_view ns);
[[nodiscard]] std::string namespace_end(std::string_view ns);

[[nodiscard]] std::string encode_state_value(const VersionedValue& value);

// The parts of a stored value, in place.
struct StateValueParts {
  std::string_view value;  // A prefix of the stored bytes.
  std::string_view metadata;
  Version version;
};

// Returns nullopt if the bytes are not a stored value.
[[nodiscard]] std::optional<StateValueParts> decode_state_value(std::string_view stored);

}  // namespace ccbus::ledger
