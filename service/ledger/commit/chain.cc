#include "service/ledger/commit/chain.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "service/base/assert.h"
#include "service/base/fixed_int.h"
#include "service/base/hex.h"
#include "service/base/sha256.h"
#include "service/ledger/block/block.h"
#include "service/ledger/commit/capability_record.h"

namespace ccbus::ledger {
namespace {

// Keys of the meta family.
constexpr std::string_view kFormatKey = "format";
constexpr std::string_view kChannelKey = "channel";

// By the state database.
constexpr std::string_view kFormat = "ccbus-ledger-1";
constexpr std::string_view kFormatOfCouchDb = "ccbus-ledger-1-CouchDB";

// The stored end: the height; above height 0 also the last block's hash and the log's position.
constexpr std::size_t kHeightBytes = sizeof(std::uint64_t);
constexpr std::size_t kToldByBlocks = kHeightBytes + kSha256Bytes;
constexpr std::size_t kEndBytes = kToldByBlocks + sizeof(std::uint64_t);

std::string encode(const ChainEnd& end) {
  std::string bytes;
  bytes.reserve(kEndBytes);
  append_fixed(bytes, end.height);
  if (end.height == 0) return bytes;
  bytes.append(end.last_block_hash);
  append_fixed(bytes, end.position.value);
  return bytes;
}

// Returns nullopt if the bytes are not a stored end.
std::optional<ChainEnd> decode(std::string_view bytes) {
  if (bytes.size() != kHeightBytes && bytes.size() != kToldByBlocks && bytes.size() != kEndBytes)
    return std::nullopt;
  ChainEnd end;
  end.height = read_fixed<std::uint64_t>(bytes);
  if ((end.height == 0) != (bytes.size() == kHeightBytes)) return std::nullopt;
  end.last_block_hash = part_told_by_blocks(bytes).substr(kHeightBytes);
  end.position = {bytes.size() == kEndBytes ? read_fixed<std::uint64_t>(bytes.substr(kToldByBlocks))
                                            : end.height};
  return end;
}

unexpected<Error> corrupt(std::uint64_t block, const std::string& what) {
  return fail(ErrorCode::kCorrupt, "block " + std::to_string(block) + ": " + what);
}

Result<void> check_meta(Store& store, std::string_view key, std::string_view expected,
                        const char* what) {
  auto found = store.get(Family::kMeta, key);
  if (!found) return unexpected(found.error());
  if (found->has_value() && **found == expected) return {};
  return fail(ErrorCode::kInvalid, std::string("the ledger's ") + what + " is '" +
                                       found->value_or("") + "', not '" + std::string(expected) +
                                       "'");
}

Result<common::Block> require_block(const Store& store, std::uint64_t number) {
  auto block = read_block(store, number);
  if (!block) return unexpected(block.error());
  if (!*block) return corrupt(number, "it is missing");
  return std::move(**block);
}

Result<void> check_link(const Store& store, const common::Block& last) {
  const std::uint64_t number = last.header().number();
  std::string expected;
  if (number > 0) {
    auto before = require_block(store, number - 1);
    if (!before) return unexpected(before.error());
    expected = header_hash(before->header());
  }
  if (auto fault = link_fault(last, expected)) return corrupt(number, *fault);
  return {};
}

// The height that the blocks themselves show.
Result<std::uint64_t> height_of_blocks(const Store& store) {
  auto last = store.last_key(Family::kBlocks);
  if (!last) return unexpected(last.error());
  if (!*last) return 0;
  if ((*last)->size() != sizeof(std::uint64_t)) {
    return fail(ErrorCode::kCorrupt, "a block has a key that is no number");
  }
  return read_fixed<std::uint64_t>(**last) + 1;
}

}  // namespace

Result<void> claim_store(Store& store, const ChannelId& channel, const NewLedger& given) {
  auto format = store.get(Family::kMeta, kFormatKey);
  if (!format) return unexpected(format.error());
  if (*format) {
    if (**format != kFormatOfCouchDb) {
      if (auto same = check_meta(store, kFormatKey, kFormat, "format"); !same) return same;
    }
    return check_meta(store, kChannelKey, channel.value, "channel");
  }
  rocksdb::WriteBatch batch;
  rocksdb::ColumnFamilyHandle* meta = store.family(Family::kMeta);
  const bool is_couch_db = given.database == StateDatabase::kCouchDb;
  batch.Put(meta, slice(kFormatKey), slice(is_couch_db ? kFormatOfCouchDb : kFormat));
  batch.Put(meta, slice(kChannelKey), slice(channel.value));
  batch.Put(meta, slice(kEndKey), encode(ChainEnd{}));
  batch.Put(meta, slice(kNoMetadataKey), rocksdb::Slice());
  if (!given.capabilities.since().empty()) {
    batch.Put(meta, slice(kCapabilitiesKey), encode_capabilities(given.capabilities));
  }
  return store.write_synced(batch);
}

Result<StateDatabase> read_state_database(const Store& store) {
  auto format = store.get(Family::kMeta, kFormatKey);
  if (!format) return unexpected(format.error());
  return *format == kFormatOfCouchDb ? StateDatabase::kCouchDb : StateDatabase::kEmbedded;
}

Result<bool> may_have_metadata(const Store& store) {
  auto mark = store.get(Family::kMeta, kNoMetadataKey);
  if (!mark) return unexpected(mark.error());
  return !mark->has_value();
}

std::string_view part_told_by_blocks(std::string_view stored_end) {
  return stored_end.substr(0, kToldByBlocks);
}

Result<ChainEnd> read_chain_end(const Store& store) {
  auto bytes = store.get(Family::kMeta, kEndKey);
  if (!bytes) return unexpected(bytes.error());
  if (!*bytes) return fail(ErrorCode::kCorrupt, "the ledger's height is not recorded");
  std::optional<ChainEnd> decoded = decode(**bytes);
  if (!decoded) return fail(ErrorCode::kCorrupt, "the recorded end of the ledger is damaged");
  ChainEnd end = std::move(*decoded);
  auto blocks = height_of_blocks(store);
  if (!blocks) return unexpected(blocks.error());
  if (*blocks != end.height) {
    return corrupt(std::max(*blocks, end.height) - 1,
                   "the recorded height is " + std::to_string(end.height) +
                       ", the blocks end at height " + std::to_string(*blocks));
  }
  if (end.height == 0) return end;

  const std::uint64_t number = end.height - 1;
  auto last = require_block(store, number);
  if (!last) return unexpected(last.error());
  const std::vector<std::string> faults = block_faults(*last, number);
  if (!faults.empty()) return corrupt(number, faults.front());
  const std::string hash = header_hash(last->header());
  if (hash != end.last_block_hash) {
    return corrupt(number, "its header's hash is " + to_hex(hash) + ", recorded is " +
                               to_hex(end.last_block_hash));
  }
  if (auto linked = check_link(store, *last); !linked) return unexpected(linked.error());
  return end;
}

std::string block_key(std::uint64_t number) {
  std::string key;
  append_fixed(key, number);
  return key;
}

Result<std::optional<common::Block>> read_block(const Store& store, std::uint64_t number) {
  auto bytes = store.get(Family::kBlocks, block_key(number));
  if (!bytes) return unexpected(bytes.error());
  if (!*bytes) return std::nullopt;
  common::Block block;
  if (!block.ParseFromString(**bytes)) return corrupt(number, "it cannot be decoded");
  return block;
}

Result<std::optional<TransactionRecord>> read_transaction(const Store& store, const TxId& tx_id) {
  auto bytes = store.get(Family::kTransactions, tx_id.value);
  if (!bytes) return unexpected(bytes.error());
  if (!*bytes) return std::nullopt;
  auto record = decode_transaction_record(**bytes);
  if (!record) {
    return fail(ErrorCode::kCorrupt, "the record of transaction " + tx_id.value + " is damaged");
  }
  return record;
}

std::optional<TransactionRecord> decode_transaction_record(std::string_view stored) {
  if (stored.size() != sizeof(std::uint64_t) + sizeof(std::uint32_t) + 1) return std::nullopt;
  TransactionRecord record;
  record.block_num = read_fixed<std::uint64_t>(stored);
  record.tx_num = read_fixed<std::uint32_t>(stored.substr(sizeof(std::uint64_t)));
  record.code = static_cast<protos::TxValidationCode>(static_cast<unsigned char>(stored.back()));
  return record;
}

void put_block(rocksdb::WriteBatch& batch, const Store& store, const common::Block& block,
               const ChainEnd& end, std::string& buffer) {
  CCBUS_ASSERT(end.last_block_hash.size() == kSha256Bytes);
  block.SerializeToString(&buffer);
  batch.Put(store.family(Family::kBlocks), slice(block_key(block.header().number())),
            slice(buffer));
  rocksdb::ColumnFamilyHandle* meta = store.family(Family::kMeta);
  batch.Put(meta, slice(kEndKey), encode(end));
}

void put_transaction(rocksdb::WriteBatch& batch, const Store& store, const TxId& tx_id,
                     const TransactionRecord& record) {
  std::string bytes;
  append_fixed(bytes, record.block_num);
  append_fixed(bytes, record.tx_num);
  bytes.push_back(static_cast<char>(record.code));
  batch.Put(store.family(Family::kTransactions), slice(tx_id.value), bytes);
}

}  // namespace ccbus::ledger
