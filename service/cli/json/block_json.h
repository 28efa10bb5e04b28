#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace common {
class Block;
class Envelope;
}  // namespace common

// Blocks and transactions, decoded down to their reads and writes. Parts that cannot be decoded
// become null, so no block can make these functions fail.
namespace ccbus::cli {

// One transaction: {"tx_id", "validation_code", "timestamp", "creator_msp_id", "chaincode",
// "args", "status", "message", "event", "namespaces": [{"namespace", "reads", "ranges", "writes",
// "metadata_writes", "collections"}]}
[[nodiscard]] nlohmann::ordered_json transaction_json(const common::Envelope& envelope, int code);

// {"number", "previous_hash", "data_hash", "transactions"}
[[nodiscard]] nlohmann::ordered_json block_json(const common::Block& block);

// As text: a few lines, and a table of the transactions.
[[nodiscard]] std::string format_block(const common::Block& block);

}  // namespace ccbus::cli
