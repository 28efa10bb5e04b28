#pragma once

#include <cstdint>
#include <string>

#include "ccbus/client.pb.h"
#include "service/ledger/commit/channel_ledger.h"

namespace ccbus::gateway {

// Whether running it again may end better.
[[nodiscard]] bool is_conflict(protos::TxValidationCode code);

// For people: why a transaction of this block is not valid.
[[nodiscard]] std::string describe_invalid(const ledger::CommittedTransaction& transaction,
                                           std::uint64_t block);

// For programs: the read that did not hold.
void write_conflict(const ledger::ReadConflict& conflict, ccbus::ReadConflict& message);

}  // namespace ccbus::gateway
