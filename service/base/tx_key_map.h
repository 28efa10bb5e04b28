#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "service/base/ids.h"

namespace ccbus {

// A TxKey that owns nothing.
struct TxKeyView {
  std::string_view channel;
  std::string_view tx;
};

struct TxKeyHash {
  using is_transparent = void;
  std::size_t operator()(const TxKey& key) const noexcept { return std::hash<TxKey>{}(key); }
  std::size_t operator()(TxKeyView key) const noexcept {  // The same as of the key.
    const std::hash<std::string_view> hash;
    return hash(key.tx) * 31 + hash(key.channel);
  }
};

struct TxKeyEqual {
  using is_transparent = void;
  bool operator()(const TxKey& one, const TxKey& other) const noexcept { return one == other; }
  bool operator()(TxKeyView view, const TxKey& key) const noexcept {
    return view.tx == key.tx.value && view.channel == key.channel.value;
  }
  bool operator()(const TxKey& key, TxKeyView view) const noexcept { return (*this)(view, key); }
};

// A hash table by transaction. A look-up by views copies no text, and so throws nothing.
template <class Value>
using TxKeyMap = std::unordered_map<TxKey, Value, TxKeyHash, TxKeyEqual>;

}  // namespace ccbus
