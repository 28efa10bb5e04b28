#pragma once

#include <string_view>

#include "service/base/result.h"

namespace ccbus {
class IndexConfig;
}  // namespace ccbus

namespace ccbus::cli {

// Reads one file of META-INF/statedb/couchdb/indexes, as Fabric packages have them:
//   {"index": {"fields": ["docType", {"owner": "asc"}]}, "ddoc": "...", "name": "...",
//    "type": "json"}
// `collection` is empty for public state. Whether the fields can be indexed is left to the service.
//
// Errors: kInvalid naming the member and what is wrong with it.
[[nodiscard]] Result<ccbus::IndexConfig> parse_index_definition(std::string_view text,
                                                                std::string_view collection);

}  // namespace ccbus::cli
