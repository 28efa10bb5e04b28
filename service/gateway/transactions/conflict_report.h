#pragma once

#include <cstdint>
#include <string>

#include "ccbus/client.pb.h"
#include "service/ledger/commit/channel_ledger.h"

namespace ccbus::gateway {

// True if the code is a read conflict: the transaction may be valid when it is run again.
[[nodiscard]] bool is_conflict(protos::TxValidationCode code);

// Says in a sentence why a transaction of this block is invalid.
[[nodiscard]] std::string describe_invalid(const ledger::CommittedTransaction& transaction,
                                           std::uint64_t block);

// Writes the read that was in conflict to a message, for programs.
void write_conflict(const ledger::ReadConflict& conflict, ccbus::ReadConflict& message);

}  // namespace ccbus::gateway
