#include "service/ledger/state/state_encoding.h"

#include <algorithm>
#include <cstdint>
#include <limits>

#include "service/base/assert.h"
#include "service/base/fixed_int.h"

namespace ccbus::ledger {
namespace {

constexpr char kPlain = 1;
constexpr char kWithMetadata = 2;
constexpr std::size_t kVersionBytes = sizeof(std::uint64_t) + sizeof(std::uint32_t);

// Seven bits a byte, the low ones first; the last byte is below 0x80. At most ten bytes.
std::size_t write_length(std::size_t length, char* out) {
  std::size_t written = 0;
  for (; length >= 0x80; length >>= 7) out[written++] = static_cast<char>(length | 0x80);
  out[written++] = static_cast<char>(length);
  return written;
}

}  // namespace

StateKey::StateKey(std::string_view ns, std::string_view key) {
  std::array<char, 10> length;
  const std::size_t length_bytes = write_length(ns.size(), length.data());
  size_ = length_bytes + ns.size() + key.size();
  char* out = short_.data();
  if (size_ > short_.size()) {
    long_.resize(size_);
    out = long_.data();
  }
  out = std::copy_n(length.data(), length_bytes, out);
  out = std::copy(ns.begin(), ns.end(), out);
  std::copy(key.begin(), key.end(), out);
}

void append_sized(std::string& out, std::string_view name) {
  std::array<char, 10> length;
  out.append(length.data(), write_length(name.size(), length.data())).append(name);
}

std::optional<std::string_view> take_sized(std::string_view& bytes) {
  std::size_t size = 0;
  int shift = 0;
  for (bool more = true; more; shift += 7) {
    if (bytes.empty() || shift > 56) return std::nullopt;
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    size |= static_cast<std::size_t>(byte & 0x7f) << shift;
    more = byte >= 0x80;
  }
  if (size > bytes.size()) return std::nullopt;
  const std::string_view name = bytes.substr(0, size);
  bytes.remove_prefix(size);
  return name;
}

std::string namespace_prefix(std::string_view ns) {
  return std::string(StateKey(ns, "").bytes());
}

std::string namespace_end(std::string_view ns) {
  std::string end = namespace_prefix(ns);
  // Ends at the latest at the length, whose last byte is below 0x80.
  while (end.back() == '\xff') end.pop_back();
  end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1);
  return end;
}

std::string encode_state_value(const VersionedValue& value) {
  CCBUS_ASSERT(value.version.tx_num <= std::numeric_limits<std::uint32_t>::max());
  CCBUS_ASSERT(value.metadata.size() <= std::numeric_limits<std::uint32_t>::max());
  std::string stored;
  stored.reserve(value.value.size() + value.metadata.size() + kVersionBytes + 5);
  stored.append(value.value).append(value.metadata);
  if (!value.metadata.empty()) {
    append_fixed(stored, static_cast<std::uint32_t>(value.metadata.size()));
  }
  append_fixed(stored, value.version.block_num);
  append_fixed(stored, static_cast<std::uint32_t>(value.version.tx_num));
  stored.push_back(value.metadata.empty() ? kPlain : kWithMetadata);
  return stored;
}

std::optional<StateValueParts> decode_state_value(std::string_view stored) {
  if (stored.size() < kVersionBytes + 1) return std::nullopt;
  const char layout = stored.back();
  const std::string_view version = stored.substr(stored.size() - 1 - kVersionBytes);
  StateValueParts parts;
  parts.version.block_num = read_fixed<std::uint64_t>(version);
  parts.version.tx_num = read_fixed<std::uint32_t>(version.substr(sizeof(std::uint64_t)));
  std::string_view rest = stored.substr(0, stored.size() - 1 - kVersionBytes);
  if (layout == kPlain) {
    parts.value = rest;
    return parts;
  }
  if (layout != kWithMetadata || rest.size() < sizeof(std::uint32_t)) return std::nullopt;
  const auto metadata_bytes =
      read_fixed<std::uint32_t>(rest.substr(rest.size() - sizeof(std::uint32_t)));
  rest.remove_suffix(sizeof(std::uint32_t));
  if (metadata_bytes > rest.size()) return std::nullopt;
  parts.metadata = rest.substr(rest.size() - metadata_bytes);
  parts.value = rest.substr(0, rest.size() - metadata_bytes);
  return parts;
}

}  // namespace ccbus::ledger
