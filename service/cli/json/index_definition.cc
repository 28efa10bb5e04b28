#include "service/cli/json/index_definition.h"

#include <nlohmann/json.hpp>
#include <string>

#include "ccbus/definition.pb.h"

namespace ccbus::cli {
namespace {

using nlohmann::json;

unexpected<Error> invalid(const std::string& what) {
  return fail(ErrorCode::kInvalid, "invalid index definition: " + what);
}

// Returns nullptr if the object has no such member.
const json* member(const json& object, const char* name) {
  const auto at = object.find(name);
  return at == object.end() ? nullptr : &*at;
}

Result<std::string> text_member(const json& object, const char* name) {
  const json* value = member(object, name);
  if (value == nullptr) return invalid("`" + std::string(name) + "` is missing");
  if (!value->is_string() || value->get_ref<const std::string&>().empty()) {
    return invalid("`" + std::string(name) + "` must be a text, not: " + value->dump());
  }
  return value->get<std::string>();
}

// Returns the field's name. The direction is ignored: CouchDB requires the same one for all fields,
// and an index can be read in both directions.
Result<std::string> field_name(const json& field) {
  if (field.is_string()) return field.get<std::string>();
  if (field.is_object() && field.size() == 1) {
    const json& direction = *field.begin();
    if (direction == "asc" || direction == "desc") return field.begin().key();
  }
  return invalid("a field must be a name or {name: \"asc\"}, not: " + field.dump());
}

Result<void> add_fields(const json& definition, ccbus::IndexConfig& config) {
  const json* index = member(definition, "index");
  if (index == nullptr || !index->is_object()) return invalid("`index` must be an object");
  for (const auto& [name, value] : index->items()) {
    if (name != "fields") return invalid("`index." + name + "` is not supported");
  }
  const json* fields = member(*index, "fields");
  if (fields == nullptr || !fields->is_array()) return invalid("`index.fields` must be an array");
  for (const json& field : *fields) {
    auto name = field_name(field);
    if (!name) return unexpected(name.error());
    config.add_fields(*name);
  }
  return {};
}

}  // namespace

Result<ccbus::IndexConfig> parse_index_definition(std::string_view text,
                                                  std::string_view collection) {
  const json definition = json::parse(text, nullptr, false);
  if (!definition.is_object()) return invalid("it is not a JSON object");
  for (const auto& [name, value] : definition.items()) {
    if (name != "index" && name != "ddoc" && name != "name" && name != "type") {
      return invalid("`" + name + "` is not known");
    }
  }
  if (const json* type = member(definition, "type"); type != nullptr && *type != "json") {
    return invalid("`type` must be \"json\", not: " + type->dump());
  }
  ccbus::IndexConfig config;
  config.set_collection(std::string(collection));
  auto design_document = text_member(definition, "ddoc");
  if (!design_document) return unexpected(design_document.error());
  config.set_design_document(*design_document);
  auto name = text_member(definition, "name");
  if (!name) return unexpected(name.error());
  config.set_name(*name);
  if (auto added = add_fields(definition, config); !added) return unexpected(added.error());
  return config;
}

}  // namespace ccbus::cli
