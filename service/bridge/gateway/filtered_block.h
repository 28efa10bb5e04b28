#pragma once

#include "ccbus/client.pb.h"
#include "fabric/peer/events.pb.h"

namespace ccbus::bridge {

// The service's filtered block as Fabric's clients read it.
[[nodiscard]] protos::FilteredBlock filtered_block(const ccbus::FilteredBlock& block);

}  // namespace ccbus::bridge
