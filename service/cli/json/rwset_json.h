#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace ccbus::cli {

// An encoded rwset.TxReadWriteSet by namespaces; null where it is none. The keys are those of
// block_json.h; a read has "version": null where its key did not exist.
[[nodiscard]] nlohmann::ordered_json rwset_json(const std::string& results);

}  // namespace ccbus::cli
