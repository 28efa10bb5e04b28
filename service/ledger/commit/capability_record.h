#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "service/base/result.h"
#include "service/ledger/state/store.h"
#include "service/ledger/validate/capability.h"

namespace ccbus::ledger {

// The key of the meta family under which a ledger's capabilities are kept. Ledgers of versions that
// did not know capabilities lack it until they are opened.
inline constexpr std::string_view kCapabilitiesKey = "capabilities";

// For each capability: its number (4 bytes) and the first block that has it (8 bytes).
[[nodiscard]] std::string encode_capabilities(const Capabilities& capabilities);

// Of what is stored under the key; nullopt stands for no such key.
// Errors: kCorrupt it is not what encode_capabilities() makes; kInvalid a newer version of this
//         software has written the ledger.
[[nodiscard]] Result<Capabilities> decode_capabilities(const std::optional<std::string>& stored);

// Reads the capabilities of a ledger of this height. If the newest one is missing, records that the
// next block has it.
// Errors: as decode_capabilities(); kIo.
[[nodiscard]] Result<Capabilities> bring_up_to_date(Store& store, std::uint64_t height);

}  // namespace ccbus::ledger
