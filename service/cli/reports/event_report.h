#pragma once

#include <cstdint>
#include <string>

#include "ccbus/client/events.h"

namespace ccbus::cli {

// "block 12  4f9c...  basic  Created  <payload>"
[[nodiscard]] std::string format_event(const client::ChaincodeEvent& event);

// One line of JSON: block_number, tx_id, chaincode, name, payload (null unless it is UTF-8),
// payload_base64.
[[nodiscard]] std::string event_json(const client::ChaincodeEvent& event);

// "block 12  3 transactions  4f9c... VALID, ..."
[[nodiscard]] std::string format_filtered(const FilteredBlock& block);

// One line of JSON: channel_id, number, transactions with tx_id, chaincode, validation_code, event.
[[nodiscard]] std::string filtered_json(const FilteredBlock& block);

}  // namespace ccbus::cli
