#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "service/ledger/block/version.h"

namespace ccbus::ledger {

// How the state family stores entries, and what the others share with it; README.md draws it.

// A database key: length of the namespace, namespace, key. Of the usual length it costs no
// allocation.
class StateKey {
 public:
  StateKey(std::string_view ns, std::string_view key);

  // Holds while the object does.
  [[nodiscard]] std::string_view bytes() const {
    return long_.empty() ? std::string_view(short_.data(), size_) : std::string_view(long_);
  }

 private:
  std::array<char, 256> short_;
  std::size_t size_ = 0;
  std::string long_;  // Empty where short_ holds the key.
};

// A name with its length in front, as the namespace in a state key: what follows cannot bleed into
// it.
void append_sized(std::string& out, std::string_view name);

// Takes such a name off the front. Nothing where none is there.
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

// Nothing where the bytes are not a stored value.
[[nodiscard]] std::optional<StateValueParts> decode_state_value(std::string_view stored);

}  // namespace ccbus::ledger
