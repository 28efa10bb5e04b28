#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace ccbus {

// Names from the wire: valid UTF-8, checked where they enter.
struct ChannelId {
  std::string value;
  auto operator<=>(const ChannelId&) const = default;
};

struct TxId {
  std::string value;
  auto operator<=>(const TxId&) const = default;
};

// One transaction on one channel. Fabric joins the two as text to make its key, so that
// ("a", "bc") and ("ab", "c") meet; a struct cannot.
struct TxKey {
  ChannelId channel;
  TxId tx;
  auto operator<=>(const TxKey&) const = default;
};

// One connection to the chaincode endpoint or to the client endpoint. Each endpoint counts from 1
// and never reuses a number.
struct PeerId {
  std::uint64_t value = 0;
  auto operator<=>(const PeerId&) const = default;
};

// One registration of one chaincode process: the handler's epoch. Counted from 1 and never reused,
// so that a look-up by the id of an ended stream finds no handler.
struct HandlerId {
  std::uint64_t value = 0;
  auto operator<=>(const HandlerId&) const = default;
};

}  // namespace ccbus

template <>
struct std::hash<ccbus::ChannelId> {
  std::size_t operator()(const ccbus::ChannelId& id) const noexcept {
    return std::hash<std::string>{}(id.value);
  }
};

template <>
struct std::hash<ccbus::TxId> {
  std::size_t operator()(const ccbus::TxId& id) const noexcept {
    return std::hash<std::string>{}(id.value);
  }
};

template <>
struct std::hash<ccbus::TxKey> {
  std::size_t operator()(const ccbus::TxKey& key) const noexcept {
    // The transaction id is usually a SHA-256, so a simple mix with the channel is enough.
    return std::hash<ccbus::TxId>{}(key.tx) * 31 + std::hash<ccbus::ChannelId>{}(key.channel);
  }
};

template <>
struct std::hash<ccbus::PeerId> {
  std::size_t operator()(ccbus::PeerId id) const noexcept { return id.value; }
};

template <>
struct std::hash<ccbus::HandlerId> {
  std::size_t operator()(ccbus::HandlerId id) const noexcept { return id.value; }
};
