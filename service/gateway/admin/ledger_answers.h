#pragma once

#include "ccbus/ledger.pb.h"
#include "service/base/result.h"
#include "service/ledger/commit/channel_ledger.h"

namespace ccbus::gateway {

// Answers what can be looked up in a ledger: everything of LedgerRequest but verification,
// snapshots and their progress. A page is no longer than `page_max` entries and about a MiB.
//
// Thread: any. Blocks: on the disk.
// Errors: kNotFound no such block, transaction or key; kInvalid a bookmark that is none, or a
//         request that asks for nothing; kPrecondition history is off; kIo, kCorrupt.
[[nodiscard]] Result<ccbus::LedgerResponse> answer_ledger_request(
    const ledger::ChannelLedger& ledger, const ccbus::LedgerRequest& request,
    std::uint32_t page_max);

}  // namespace ccbus::gateway
