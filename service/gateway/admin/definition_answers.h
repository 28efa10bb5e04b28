#pragma once

#include <cstdint>

#include "ccbus/ledger.pb.h"
#include "service/base/result.h"
#include "service/ledger/commit/channel_ledger.h"

namespace ccbus::gateway {

// Answers which chaincodes are defined on a channel, and how far their indexes are. A page has at
// most `page_max` of them and about one MiB; the bookmark is the first name of the next page.
//
// Thread: any.
// Blocks: on the disk.
// Errors: kNotFound     the one that is asked for is not defined.
//         kIo, kCorrupt the ledger cannot be read.
[[nodiscard]] Result<ccbus::Definitions> answer_definitions(const ledger::ChannelLedger& ledger,
                                                            const ccbus::GetDefinitions& query,
                                                            std::uint32_t page_max);

}  // namespace ccbus::gateway
