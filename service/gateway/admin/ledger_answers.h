#pragma once

#include "ccbus/ledger.pb.h"
#include "service/base/result.h"
#include "service/ledger/commit/channel_ledger.h"

namespace ccbus::gateway {

// Answers the requests that look something up in a ledger: all of LedgerRequest except
// verification, snapshots and their progress. A page has at most `page_max` entries and about one
// MiB.
//
// Thread: any.
// Blocks: on the disk.
// Errors: kNotFound      no such block, transaction or key.
//         kInvalid       the namespace is empty or has a '$'; the request has no query; the
//         bookmark
//                        of a history is not one of its transactions.
//         kPrecondition  the history database is off.
//         kIo, kCorrupt  the ledger cannot be read.
[[nodiscard]] Result<ccbus::LedgerResponse> answer_ledger_request(
    const ledger::ChannelLedger& ledger, const ccbus::LedgerRequest& request,
    std::uint32_t page_max);

}  // namespace ccbus::gateway
