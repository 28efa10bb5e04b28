#pragma once

#include <string>

#include "ccbus/client.pb.h"
#include "fabric/common/common.pb.h"
#include "service/base/result.h"
#include "service/ledger/commit/channel_ledger.h"

namespace ccbus::gateway {

// The private data of a block that one signer may read: of the collections whose member policy the
// identity satisfies, and of its organisation's implicit ones. The definitions and the channel's
// configuration after the newest block count, as for a chaincode that reads: who was removed from a
// collection is given nothing of it any more. A collection without member_only_read is for its
// members, too: the ledger has the private data of all organisations, which no peer of Fabric has.
//
// `signer` is an encoded msp.SerializedIdentity, any bytes; its signature was checked before.
//
// Thread: any.
// Blocks: on the disk.
// Errors: kDenied  it is no valid identity of the channel any more. kIo, kCorrupt, kUnavailable.
// Source: Fabric's core/peer/deliverevents.go.
[[nodiscard]] Result<ccbus::BlockPrivateData> private_data_for(const std::string& signer,
                                                               const common::Block& block,
                                                               const ledger::ChannelLedger& ledger);

}  // namespace ccbus::gateway
