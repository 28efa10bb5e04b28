#pragma once

#include <optional>
#include <string_view>

#include "bindings/cpp/src/shim/proposal.h"

namespace ccbus::shim {

// Reads an encoded protos::Proposal without a message for each of its layers. Returns nullopt for
// whatever it does not read: transient data, and everything that is unusual or wrong.
// decode_proposal() then says what it is.
[[nodiscard]] std::optional<Proposal> scan_proposal(std::string_view proposal);

}  // namespace ccbus::shim
