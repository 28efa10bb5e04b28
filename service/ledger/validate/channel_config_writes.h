#pragma once

#include "ccbus/channel_config.pb.h"
#include "service/ledger/block/rwset.h"

namespace ccbus::ledger {

// Whether a transaction leaves the channel with a configuration that can be used: it writes nothing
// to the namespace of the configuration, or the one key with a complete configuration whose
// sequence follows the one of `current` (null: there is none). It may not be deleted, nor have
// metadata.
//
// A transaction that fails this is INVALID_WRITESET, whoever has endorsed it. `current` is the
// configuration before the transaction, with those of the block that are valid.
[[nodiscard]] bool has_sound_config_writes(const TxRwset& rwset,
                                           const ccbus::ChannelConfig* current);

}  // namespace ccbus::ledger
