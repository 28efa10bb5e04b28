#pragma once

#include <string_view>
#include <vector>

#include "service/base/result.h"

namespace ccbus {
class CollectionConfig;
}  // namespace ccbus

namespace ccbus::cli {

// Reads Fabric's collections_config.json: an array of objects with name, policy, requiredPeerCount,
// maxPeerCount, blockToLive, memberOnlyRead and memberOnlyWrite; endorsementPolicy is accepted and
// ignored. All MSP ids in the policy become members; its operators are not evaluated.
//
// Errors: kInvalid naming the collection and the field.
[[nodiscard]] Result<std::vector<ccbus::CollectionConfig>> parse_collections_config(
    std::string_view json);

}  // namespace ccbus::cli
