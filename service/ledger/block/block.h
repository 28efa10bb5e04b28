#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fabric/common/common.pb.h"
#include "fabric/peer/transaction.pb.h"
#include "service/base/ordered_envelope.h"

namespace ccbus::ledger {

// Blocks as Fabric has them: hash-chained, with one validation code for each envelope.

// SHA-256 of the header's DER encoding; what the next block names as its predecessor. 32 bytes.
[[nodiscard]] std::string header_hash(const common::BlockHeader& header);

// SHA-256 of the envelopes, one after the other. 32 bytes.
[[nodiscard]] std::string data_hash(const common::BlockData& data);

// `codes` has one entry for each envelope (asserted). The envelopes' bytes move into the block;
// everything else of them stays.
[[nodiscard]] common::Block make_block(std::uint64_t number, std::string_view previous_hash,
                                       std::vector<OrderedEnvelope>&& envelopes,
                                       const std::vector<protos::TxValidationCode>& codes);

// What is wrong with a block that should have this number, without its neighbours: one line for
// each fault.
[[nodiscard]] std::vector<std::string> block_faults(const common::Block& block,
                                                    std::uint64_t number);

// What is wrong with its link to the block before, whose header hash is given ("" for block 0).
// Returns nullopt if it is sound.
[[nodiscard]] std::optional<std::string> link_fault(const common::Block& block,
                                                    std::string_view previous_hash);

// The code of the envelope at `tx_num`; NOT_VALIDATED if the block has no code for it.
[[nodiscard]] protos::TxValidationCode validation_code(const common::Block& block,
                                                       std::size_t tx_num);

}  // namespace ccbus::ledger
