#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "fabric/ledger/kv_rwset.pb.h"
#include "service/ledger/block/version.h"

namespace ccbus::ledger {

// How the families of private writes and of expiry store their rows; README.md draws them.

// One private key as the block names it.
struct PrivateKey {
  std::string ns;
  std::string collection;
  std::string key_hash;  // 32 bytes.
};

// What one transaction made of one private key.
struct PrivateWriteRow {
  enum class Kind : char {
    kWritten = 1,   // `write` came with the transaction.
    kMetadata = 2,  // The value is an older one with new metadata; `write` has only the key.
    kMissing = 3,   // It did not come.
  };
  Kind kind = Kind::kMissing;
  kvrwset::KVWrite write;
};

// What the rows of a private key start with. Their order is that of the versions.
[[nodiscard]] std::string private_write_prefix(const PrivateKey& key);
[[nodiscard]] std::string private_write_key(const PrivateKey& key, const Version& version);

// The name of one row. Nothing where the bytes are none.
struct PrivateWriteKey {
  PrivateKey key;
  Version version;
};
[[nodiscard]] std::optional<PrivateWriteKey> decode_private_write_key(std::string_view stored);

[[nodiscard]] std::string encode_private_write(const PrivateWriteRow& row);
[[nodiscard]] std::optional<PrivateWriteRow> decode_private_write(std::string_view stored);

// A row of expiry has no value. It says that whatever the version wrote goes with the block.
struct Expiry {
  std::uint64_t block_num = 0;
  PrivateKey key;
  Version version;  // Of the write.
};
[[nodiscard]] std::string expiry_key(const Expiry& expiry);
[[nodiscard]] std::optional<Expiry> decode_expiry_key(std::string_view stored);

}  // namespace ccbus::ledger
