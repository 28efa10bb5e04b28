#pragma once

#include <rocksdb/write_batch.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "fabric/common/common.pb.h"
#include "service/base/ids.h"
#include "service/base/ordered_batch.h"
#include "service/base/result.h"
#include "service/base/state_database.h"
#include "service/ledger/commit/transaction_record.h"
#include "service/ledger/state/store.h"
#include "service/ledger/validate/capability.h"

namespace ccbus::ledger {

// How a store keeps blocks, transaction records and the end of the chain.

// The end of a chain, as the store records it with every block.
struct ChainEnd {
  std::uint64_t height = 0;
  std::string last_block_hash;  // 32 bytes; empty at height 0.
  LogPosition position;         // Of the log's entry that the last block was made of.
};

// What a new store is given for all its blocks.
struct NewLedger {
  Capabilities capabilities;
  StateDatabase database = StateDatabase::kEmbedded;
};

// Writes format, channel and the rest to a new store; refuses a store of another channel or another
// format. The format says which state database the ledger has, so that a version that does not know
// the rules of CouchDB refuses such a ledger.
// Errors: kInvalid, kIo, kCorrupt.
[[nodiscard]] Result<void> claim_store(Store& store, const ChannelId& channel,
                                       const NewLedger& given);

// Of a store that was claimed. Errors: kIo, kCorrupt.
[[nodiscard]] Result<StateDatabase> read_state_database(const Store& store);

// A key of the meta family that exists as long as no entry of the state has ever had metadata.
// Older ledgers lack it, which only costs reads.
inline constexpr std::string_view kNoMetadataKey = "no-metadata";

[[nodiscard]] Result<bool> may_have_metadata(const Store& store);

// The key of the meta family under which the end of the chain is kept, and the part of its value
// that the blocks tell: all but the log's position. Ledgers of versions that did not know positions
// lack that until their next block.
inline constexpr std::string_view kEndKey = "end";
[[nodiscard]] std::string_view part_told_by_blocks(std::string_view stored_end);

// The key of the meta family under which is kept what the log wants to know of the last block's
// entry. The blocks do not tell it. A ledger whose log is embedded has none.
inline constexpr std::string_view kLogStateKey = "log";

// The recorded end, after checking that the last block is the one it names. A ledger without a
// position has that of the embedded log, which had one entry for each block: its height.
// Errors: kCorrupt with the block and what differs; kIo.
[[nodiscard]] Result<ChainEnd> read_chain_end(const Store& store);

// The key of a block in its family.
[[nodiscard]] std::string block_key(std::uint64_t number);

// Both return nullopt if there is no such block or transaction. Errors: kIo, kCorrupt.
[[nodiscard]] Result<std::optional<common::Block>> read_block(const Store& store,
                                                              std::uint64_t number);
[[nodiscard]] Result<std::optional<TransactionRecord>> read_transaction(const Store& store,
                                                                        const TxId& tx_id);

// Returns nullopt if the bytes are not a record of the transactions family.
[[nodiscard]] std::optional<TransactionRecord> decode_transaction_record(std::string_view stored);

// Add a new block, the end of the chain and a transaction's record to a batch, to be written at
// once. `buffer` is memory for the encoded block.
void put_block(rocksdb::WriteBatch& batch, const Store& store, const common::Block& block,
               const ChainEnd& end, std::string& buffer);
void put_transaction(rocksdb::WriteBatch& batch, const Store& store, const TxId& tx_id,
                     const TransactionRecord& record);

}  // namespace ccbus::ledger
