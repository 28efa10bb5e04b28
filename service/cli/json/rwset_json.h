#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace ccbus::cli {

// Decodes an rwset.TxReadWriteSet, by namespace; null if the bytes are invalid. The keys are those
// of block_json.h. A read of a key that did not exist has "version": null.
[[nodiscard]] nlohmann::ordered_json rwset_json(const std::string& results);

}  // namespace ccbus::cli
