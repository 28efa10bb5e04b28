#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "fabric/ledger/kv_rwset.pb.h"
#include "service/ledger/block/version.h"

namespace ccbus::ledger {

// The encoding of the families of private writes and of expiry. The table in
// service/ledger/README.md shows them.

// A key of private data, as a block names it.
struct PrivateKey {
  std::string ns;
  std::string collection;
  std::string key_hash;  // 32 bytes.
};

// What one transaction did to one private key.
struct PrivateWriteRow {
  enum class Kind : char {
    kWritten = 1,   // `write` came with the transaction.
    kMetadata = 2,  // The value is an older one with new metadata; `write` has only the key.
    kMissing = 3,   // It did not come.
  };
  Kind kind = Kind::kMissing;
  kvrwset::KVWrite write;
};

// The prefix of all rows of a private key. The rows are in the order of the versions.
[[nodiscard]] std::string private_write_prefix(const PrivateKey& key);
[[nodiscard]] std::string private_write_key(const PrivateKey& key, const Version& version);

// The parts of a row's key. Returns nullopt if the bytes are not such a key.
struct PrivateWriteKey {
  PrivateKey key;
  Version version;
};
[[nodiscard]] std::optional<PrivateWriteKey> decode_private_write_key(std::string_view stored);

[[nodiscard]] std::string encode_private_write(const PrivateWriteRow& row);
[[nodiscard]] std::optional<PrivateWriteRow> decode_private_write(std::string_view stored);

// A row of expiry has a key and no value: what was written at `version` expires with block
// `block_num`.
struct Expiry {
  std::uint64_t block_num = 0;
  PrivateKey key;
  Version version;  // Of the write.
};
[[nodiscard]] std::string expiry_key(const Expiry& expiry);
[[nodiscard]] std::optional<Expiry> decode_expiry_key(std::string_view stored);

}  // namespace ccbus::ledger
