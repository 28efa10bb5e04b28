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

// What CouchDB's _find takes.
struct Query {
  // Errors: kInvalid naming what is wrong, in CouchDB's words where it has some.
  [[nodiscard]] static Result<Query> parse(std::string_view text);

  Selector selector;
  std::vector<FieldPath> fields;  // Empty: the whole document.
  std::vector<FieldPath> sort;    // All in one direction.
  bool is_descending = false;
  std::optional<std::uint64_t> limit;
  std::uint64_t skip = 0;
  std::vector<std::string> use_index;  // A design document, and perhaps an index's name.
  std::string bookmark;                // Empty: none.
};

// The JSON object of these fields, its members in byte order, as Fabric hands it out. Fields that
// are missing are left out, and so is `_id`.
[[nodiscard]] std::string project(const Json& document, const std::vector<FieldPath>& fields);

}  // namespace ccbus::ledger::mango
