#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ccbus/definition.pb.h"
#include "service/base/result.h"
#include "service/ledger/query/mango/field_path.h"
#include "service/ledger/query/mango/json.h"

namespace ccbus::ledger::mango {

// An index as this service keeps it.
struct Index {
  // Errors: kInvalid if a field name cannot be parsed, or there are no fields or too many.
  [[nodiscard]] static Result<Index> of(const ccbus::IndexConfig& config);

  // Depends on the fields and on the version of ICU's collation tables: indexes with the same
  // content have the same id. Always kIndexIdBytes long.
  std::string id;
  std::string design_document;
  std::string name;
  std::vector<FieldPath> fields;
};

inline constexpr std::size_t kIndexIdBytes = 16;
inline constexpr std::size_t kIndexFieldsMax = 16;

// The sort key of a document in an index. Returns nullopt if a field is missing; then the document
// is not in the index. Also used to sort results in memory.
[[nodiscard]] std::optional<std::string> sort_key(const std::vector<FieldPath>& fields,
                                                  std::string_view key, const Json& document);

// Appends the part of sort_key() for one field with this value.
void append_field_sort_key(std::string& out, const FieldPath& field, const Json& value);

}  // namespace ccbus::ledger::mango
