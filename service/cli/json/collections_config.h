#pragma once

#include <string_view>
#include <vector>

#include "service/base/result.h"

namespace ccbus {
class CollectionConfig;
}  // namespace ccbus

namespace ccbus::cli {

// Reads Fabric's collections_config.json as Fabric's peer command does: an array of objects with
// name, policy, requiredPeerCount (otherwise 0), maxPeerCount (otherwise 1), blockToLive,
// memberOnlyRead, memberOnlyWrite and endorsementPolicy. As in Go, the names may be in any case,
// others are ignored, and the last of several counts. The policy has to be an OR of principals; the
// service makes the members of it.
//
// Errors: kInvalid naming the collection and the field.
[[nodiscard]] Result<std::vector<ccbus::CollectionConfig>> parse_collections_config(
    std::string_view json);

}  // namespace ccbus::cli
