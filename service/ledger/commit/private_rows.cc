#include "service/ledger/commit/private_rows.h"

#include <cstddef>
#include <utility>

#include "service/base/fixed_int.h"
#include "service/base/parse_message.h"
#include "service/base/sha256.h"
#include "service/ledger/state/state_encoding.h"

namespace ccbus::ledger {
namespace {

constexpr std::size_t kVersionBytes = sizeof(std::uint64_t) + sizeof(std::uint32_t);

}  // namespace

std::string private_write_prefix(const PrivateKey& key) {
  std::string prefix;
  append_sized(prefix, key.ns);
  append_sized(prefix, key.collection);
  return prefix.append(key.key_hash);
}

std::string private_write_key(const PrivateKey& key, const Version& version) {
  std::string row = private_write_prefix(key);
  append_fixed(row, version.block_num);
  append_fixed(row, static_cast<std::uint32_t>(version.tx_num));
  return row;
}

std::optional<PrivateWriteKey> decode_private_write_key(std::string_view stored) {
  const auto ns = take_sized(stored);
  if (!ns) return std::nullopt;
  const auto collection = take_sized(stored);
  if (!collection || stored.size() != kSha256Bytes + kVersionBytes) return std::nullopt;
  PrivateWriteKey write;
  write.key.ns = *ns;
  write.key.collection = *collection;
  write.key.key_hash = stored.substr(0, kSha256Bytes);
  stored.remove_prefix(kSha256Bytes);
  write.version.block_num = read_fixed<std::uint64_t>(stored);
  write.version.tx_num = read_fixed<std::uint32_t>(stored.substr(sizeof(std::uint64_t)));
  return write;
}

std::string encode_private_write(const PrivateWriteRow& row) {
  return static_cast<char>(row.kind) + row.write.SerializeAsString();
}

std::optional<PrivateWriteRow> decode_private_write(std::string_view stored) {
  using Kind = PrivateWriteRow::Kind;
  if (stored.empty()) return std::nullopt;
  PrivateWriteRow row;
  row.kind = static_cast<Kind>(stored.front());
  if (row.kind < Kind::kWritten || row.kind > Kind::kMissing) return std::nullopt;
  stored.remove_prefix(1);
  if (!parse(row.write, stored)) {
    return std::nullopt;
  }
  return row;
}

std::string expiry_key(const Expiry& expiry) {
  std::string row;
  append_fixed(row, expiry.block_num);
  return row.append(private_write_key(expiry.key, expiry.version));
}

std::optional<Expiry> decode_expiry_key(std::string_view stored) {
  Expiry expiry;
  if (stored.size() < sizeof(std::uint64_t)) return std::nullopt;
  expiry.block_num = read_fixed<std::uint64_t>(stored);
  auto write = decode_private_write_key(stored.substr(sizeof(std::uint64_t)));
  if (!write) return std::nullopt;
  expiry.key = std::move(write->key);
  expiry.version = write->version;
  return expiry;
}

}  // namespace ccbus::ledger
