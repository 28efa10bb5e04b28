#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ccbus/definition.pb.h"
#include "service/base/result.h"

namespace ccbus::cli {

// What an index file is for Fabric and CouchDB.
struct IndexDefinition {
  // nullopt: Fabric takes the file, and CouchDB makes no index of it; a note says why.
  std::optional<ccbus::IndexConfig> config;
  std::vector<std::string> notes;  // For people.
};

// Reads one file of META-INF/statedb/couchdb/indexes, as Fabric packages have them:
//   {"index": {"fields": ["docType", {"owner": "asc"}], "partial_filter_selector": {...}},
//    "ddoc": "...", "name": "...", "type": "json"}
// Only `index` is required; without `ddoc` or `name` the index gets a name made of its content, as
// in CouchDB. `collection` is empty for public state. Names that are not known, or known in another
// case, get a note: Fabric's peer refuses to package them.
//
// Errors: kInvalid naming the member and what is wrong with it, where Fabric refuses the file
//         (internal/ccmetadata).
[[nodiscard]] Result<IndexDefinition> parse_index_definition(std::string_view text,
                                                             std::string_view collection);

}  // namespace ccbus::cli
