#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ccbus/definition.pb.h"
#include "service/base/result.h"
#include "service/ledger/query/mango/field_path.h"
#include "service/ledger/query/mango/json.h"
#include "service/ledger/query/mango/selector.h"

namespace ccbus::ledger::mango {

// An index as this service keeps it.
struct Index {
  // Errors: kInvalid if a field name or the partial filter cannot be parsed, or there are no fields
  // or
  //         too many.
  [[nodiscard]] static Result<Index> of(const ccbus::IndexConfig& config);

  // Depends on the fields and on the version of ICU's collation tables: indexes with the same
  // content have the same id. Always kIndexIdBytes long.
  std::string id;
  std::string design_document;
  std::string name;
  std::vector<FieldPath> fields;
  // The index has only the documents that match. CouchDB uses it only where use_index names it.
  std::shared_ptr<const Selector> partial_filter;  // Null: all documents with its fields.
  bool is_complete = true;                         // Else it is being built.
};

inline constexpr std::size_t kIndexIdBytes = 16;
inline constexpr std::size_t kIndexFieldsMax = 16;

// The sort key of a document in an index. Returns nullopt if the document is not in it.
[[nodiscard]] std::optional<std::string> sort_key(const Index& index, std::string_view key,
                                                  const Json& document);

// The same for the fields alone: nullopt if one is missing. Also used to sort results in memory.
[[nodiscard]] std::optional<std::string> sort_key(const std::vector<FieldPath>& fields,
                                                  std::string_view key, const Json& document);

// Appends the part of sort_key() for one field with this value.
void append_field_sort_key(std::string& out, const FieldPath& field, const Json& value);

}  // namespace ccbus::ledger::mango
