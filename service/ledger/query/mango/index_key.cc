#include "service/ledger/query/mango/index_key.h"

#include <cstdint>
#include <utility>

#include "service/base/fixed_int.h"
#include "service/base/hex.h"
#include "service/ledger/query/mango/collation.h"

namespace ccbus::ledger::mango {
namespace {

constexpr std::string_view kIndexLayout = "2";

// FNV-1a: tells definitions apart. Making two collide on purpose only gives a broken index.
std::uint64_t hash(std::string_view text) {
  std::uint64_t value = 0xcbf29ce484222325;
  for (const char byte : text) {
    value = (value ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
  }
  return value;
}

Result<Selector> read_filter(const std::string& text) {
  const auto selector = parse_query(text);
  if (!selector) {
    return fail(ErrorCode::kInvalid,
                "its partial_filter_selector is not JSON, or nested more than " +
                    std::to_string(kQueryDepthMax) + " levels deep");
  }
  return Selector::parse(*selector);
}

}  // namespace

Result<Index> Index::of(const ccbus::IndexConfig& config) {
  constexpr std::string_view kDesign = "_design/";
  Index index;
  index.design_document = config.design_document();
  if (index.design_document.starts_with(kDesign)) index.design_document.erase(0, kDesign.size());
  index.name = config.name();
  const std::string shown_name = "index '" + config.design_document() + "/" + config.name() + "'";
  if (config.fields().empty() || config.fields_size() > static_cast<int>(kIndexFieldsMax)) {
    return fail(ErrorCode::kInvalid, shown_name + " has " + std::to_string(config.fields_size()) +
                                         " fields, should be 1 to " +
                                         std::to_string(kIndexFieldsMax));
  }
  std::string identity = std::string(kIndexLayout) + '\0' + collation_version();
  for (const std::string& field : config.fields()) {
    auto path = FieldPath::parse(field);
    if (!path) return fail(ErrorCode::kInvalid, shown_name + ": " + path.error().message);
    identity.append(1, '\0').append(field);
    index.fields.push_back(std::move(*path));
  }
  if (!config.partial_filter_selector().empty()) {
    auto filter = read_filter(config.partial_filter_selector());
    if (!filter) return fail(ErrorCode::kInvalid, shown_name + ": " + filter.error().message);
    index.partial_filter = std::make_shared<const Selector>(std::move(*filter));
    identity.append(2, '\0').append(config.partial_filter_selector());
  }
  append_fixed(index.id, hash(identity));
  index.id = to_hex(index.id);
  return index;
}

void append_field_sort_key(std::string& out, const FieldPath& field, const Json& value) {
  if (field.is_id()) {
    append_id_sort_key(out, value.get_ref<const std::string&>());
  } else {
    append_sort_key(out, value);
  }
}

std::optional<std::string> sort_key(const Index& index, std::string_view key,
                                    const Json& document) {
  if (index.partial_filter && !index.partial_filter->matches(key, document)) return std::nullopt;
  return sort_key(index.fields, key, document);
}

std::optional<std::string> sort_key(const std::vector<FieldPath>& fields, std::string_view key,
                                    const Json& document) {
  std::string bytes;
  for (const FieldPath& field : fields) {
    if (field.is_id()) {
      append_id_sort_key(bytes, key);
      continue;
    }
    const FieldPath::Found found = field.find(document);
    if (found.value == nullptr) return std::nullopt;
    append_sort_key(bytes, *found.value);
  }
  return bytes;
}

}  // namespace ccbus::ledger::mango
