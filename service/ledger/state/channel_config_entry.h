#pragma once

#include <optional>

#include "ccbus/channel_config.pb.h"
#include "service/base/result.h"
#include "service/ledger/state/state_view.h"

namespace ccbus::ledger {

// The channel's configuration as of the view. Returns nullopt if it has none: signatures and
// policies are then not checked.
//
// Errors: those of the view; kCorrupt if the value is no configuration.
[[nodiscard]] Result<std::optional<ccbus::ChannelConfig>> find_channel_config(
    const StateView& view);

}  // namespace ccbus::ledger
