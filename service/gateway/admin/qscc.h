#pragma once

#include <functional>

#include "fabric/peer/chaincode.pb.h"
#include "fabric/peer/proposal.pb.h"
#include "service/base/result.h"
#include "service/ledger/commit/channel_ledger.h"

namespace ccbus::gateway {

// The name of Fabric's chaincode for look-ups in a ledger.
inline constexpr const char* kQscc = "qscc";

// Looking for a block by its hash, how many blocks and bytes are read, from the newest one on: the
// ledger has no index of hashes.
inline constexpr int kHashedBlocksMax = 10'000;
inline constexpr std::size_t kHashedBytesMax = 256u << 20;

// Answers a call of qscc as Fabric's peer does: GetChainInfo, GetBlockByNumber, GetBlockByHash,
// GetBlockByTxID, GetTransactionByID; the channel is the second argument. It has to be that of
// `ledger`, the one of the proposal. `allowed` says whether the caller may read it, and is asked
// after the arguments were counted. What fails is a response with the status 500, in Fabric's
// words.
//
// Thread: any.
// Blocks: on the disk.
// Source: Fabric's core/scc/qscc/query.go.
[[nodiscard]] protos::Response answer_qscc(const ledger::ChannelLedger& ledger,
                                           const protos::ChaincodeInput& input,
                                           const std::function<Result<void>()>& allowed);

}  // namespace ccbus::gateway
