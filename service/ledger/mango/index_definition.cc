#include "service/ledger/mango/index_definition.h"

#include <string>

#include "service/ledger/mango/index_key.h"
#include "service/ledger/mango/json.h"

namespace ccbus::ledger::mango {
namespace {

unexpected<Error> invalid(const std::string& what) {
  return fail(ErrorCode::kInvalid, "invalid index definition: " + what);
}

Result<std::string> text_member(const Json& object, const char* name) {
  const Json* value = member(object, name);
  if (value == nullptr) return invalid("`" + std::string(name) + "` is missing");
  if (!value->is_string() || value->get_ref<const std::string&>().empty()) {
    return invalid("`" + std::string(name) + "` must be a text, not: " + shown(*value));
  }
  return value->get<std::string>();
}

// CouchDB wants one direction for all, and an index can be walked both ways, so that the direction
// says nothing.
Result<std::string> field_name(const Json& field) {
  if (field.is_string()) return field.get<std::string>();
  if (field.is_object() && field.size() == 1) {
    const auto& [name, direction] = field.get_ref<const Json::object_t&>().front();
    if (direction == "asc" || direction == "desc") return name;
  }
  return invalid("a field must be a name or {name: \"asc\"}, not: " + shown(field));
}

Result<void> add_fields(const Json& json, ccbus::IndexConfig& config) {
  const Json* index = member(json, "index");
  if (index == nullptr || !index->is_object()) return invalid("`index` must be an object");
  for (const auto& [name, value] : index->get_ref<const Json::object_t&>()) {
    if (name != "fields") return invalid("`index." + name + "` is not supported");
  }
  const Json* fields = member(*index, "fields");
  if (fields == nullptr || !fields->is_array()) return invalid("`index.fields` must be an array");
  for (const Json& field : *fields) {
    auto name = field_name(field);
    if (!name) return unexpected(name.error());
    config.add_fields(*name);
  }
  return {};
}

}  // namespace

Result<ccbus::IndexConfig> parse_index_definition(std::string_view text,
                                                  std::string_view collection) {
  const auto json = parse_json(text, kQueryDepthMax);
  if (!json || !json->is_object()) return invalid("it is not a JSON object");
  for (const auto& [name, value] : json->get_ref<const Json::object_t&>()) {
    if (name != "index" && name != "ddoc" && name != "name" && name != "type") {
      return invalid("`" + name + "` is not known");
    }
  }
  if (const Json* type = member(*json, "type"); type != nullptr && *type != "json") {
    return invalid("`type` must be \"json\", not: " + shown(*type));
  }
  ccbus::IndexConfig config;
  config.set_collection(std::string(collection));
  auto design_document = text_member(*json, "ddoc");
  if (!design_document) return unexpected(design_document.error());
  config.set_design_document(*design_document);
  auto name = text_member(*json, "name");
  if (!name) return unexpected(name.error());
  config.set_name(*name);
  if (auto added = add_fields(*json, config); !added) return unexpected(added.error());
  if (auto index = Index::of(config); !index) return unexpected(index.error());
  return config;
}

}  // namespace ccbus::ledger::mango
