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
  // Errors: kInvalid where a field's name cannot be read, or there are none or too many.
  [[nodiscard]] static Result<Index> of(const ccbus::IndexConfig& config);

  // Says what is in the index: two with the same fields have the same id, and another edition of
  // Unicode's tables makes another one. Always kIndexIdBytes long.
  std::string id;
  std::string design_document;
  std::string name;
  std::vector<FieldPath> fields;
};

inline constexpr std::size_t kIndexIdBytes = 16;
inline constexpr std::size_t kIndexFieldsMax = 16;

// What an index sorts a document by; nothing where a field is missing, since the document is then
// not in the index. Sorting an answer in memory uses the same.
[[nodiscard]] std::optional<std::string> sort_key(const std::vector<FieldPath>& fields,
                                                  std::string_view key, const Json& document);

// Appends what sort_key() has for one field with this value.
void append_field_sort_key(std::string& out, const FieldPath& field, const Json& value);

}  // namespace ccbus::ledger::mango
