#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/base/result.h"
#include "service/ledger/query/mango/field_path.h"
#include "service/ledger/query/mango/json.h"
#include "service/ledger/query/mango/selector.h"

namespace ccbus::ledger::mango {

// A parsed request to CouchDB's _find, as Fabric sends it (applyAdditionalQueryOptions in
// statecouchdb.go): what stands behind the JSON object is ignored, and so is `limit`, which Fabric
// replaces by its own.
struct Query {
  // Errors: kInvalid with the fault, in CouchDB's words where CouchDB has an error for it.
  [[nodiscard]] static Result<Query> parse(std::string_view text);

  Selector selector;
  std::optional<std::vector<FieldPath>> fields;  // nullopt: the whole document.
  std::vector<FieldPath> sort;                   // All in one direction.
  bool is_descending = false;
  std::uint64_t skip = 0;
  std::vector<std::string> use_index;  // A design document and optionally an index name.
  bool allow_fallback = true;          // To another index than use_index says.
  std::string bookmark;                // Empty: from the start.
};

// A JSON object of these fields, with members in byte order, as Fabric returns it: `{}` for no
// fields. Fields that the document lacks are left out, and so are CouchDB's own, as `_id`.
[[nodiscard]] std::string project(const Json& document, const std::vector<FieldPath>& fields);

}  // namespace ccbus::ledger::mango
