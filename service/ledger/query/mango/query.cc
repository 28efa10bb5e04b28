#include "service/ledger/query/mango/query.h"

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include "service/base/gojson/decode.h"
#include "service/base/gojson/encode.h"

namespace ccbus::ledger::mango {
namespace {

using Setter = Result<void> (*)(Query&, const Json&);

Result<void> set_selector(Query& query, const Json& value) {
  auto selector = Selector::parse(value);
  if (!selector) return unexpected(selector.error());
  query.selector = std::move(*selector);
  return {};
}

Result<void> set_fields(Query& query, const Json& value) {
  query.fields.emplace();
  for (const Json& field : value) {
    if (!field.is_string()) {
      return couch_error("invalid_field", "Invalid JSON for field spec: " + shown(field));
    }
    auto path = FieldPath::parse(field.get_ref<const std::string&>());
    if (!path) return unexpected(path.error());
    query.fields->push_back(std::move(*path));
  }
  return {};
}

struct SortField {
  const std::string* name;
  bool is_descending;
};

Result<SortField> sort_field(const Json& spec) {
  if (spec.is_string() && spec != "") {
    return SortField{&spec.get_ref<const std::string&>(), false};
  }
  if (!spec.is_object() || spec.size() != 1) {
    return couch_error("invalid_sort_field", "Invalid sort field: " + shown(spec));
  }
  const auto& [name, direction] = spec.get_ref<const Json::object_t&>().front();
  if (direction != "asc" && direction != "desc") {
    return couch_error("invalid_sort_field", "Invalid sort field: " + shown(spec));
  }
  return SortField{&name, direction == "desc"};
}

Result<void> set_sort(Query& query, const Json& value) {
  if (!value.is_array()) {
    return couch_error("invalid_sort_json",
                       "Sort must be an array of sort specs, not: " + shown(value));
  }
  for (const Json& spec : value) {
    auto field = sort_field(spec);
    if (!field) return unexpected(field.error());
    if (!query.sort.empty() && field->is_descending != query.is_descending) {
      return couch_error("unsupported_mixed_sort",
                         "Sorts currently only support a single direction for all fields.");
    }
    auto path = FieldPath::parse(*field->name);
    if (!path) return unexpected(path.error());
    query.sort.push_back(std::move(*path));
    query.is_descending = field->is_descending;
  }
  return {};
}

Result<void> set_skip(Query& query, const Json& value) {
  const auto skip = whole_number(value);
  if (!skip || *skip < 0) {
    return couch_error("invalid_non_neg_integer",
                       shown(value) + " is not an integer greater than or equal to zero");
  }
  constexpr gojson::Int128 kSkipMax = std::numeric_limits<std::uint64_t>::max();
  query.skip = static_cast<std::uint64_t>(std::min(*skip, kSkipMax));
  return {};
}

constexpr std::string_view kDesign = "_design/";

std::string without_design(const std::string& name) {
  return name.starts_with(kDesign) ? name.substr(kDesign.size()) : name;
}

// "<design document>" or "<design document>/<index>"; "_design/" may stand before both. Returns
// none for anything else.
std::vector<std::string> split_index_name(const std::string& name) {
  const std::string rest = without_design(name);
  const std::size_t slash = rest.find('/');
  if (slash == std::string::npos) return {rest};
  if (rest.find('/', slash + 1) != std::string::npos) return {};
  return {rest.substr(0, slash), rest.substr(slash + 1)};
}

Result<void> set_use_index(Query& query, const Json& value) {
  if (value.is_null()) return {};
  const bool is_sound =
      value.is_string() ||
      (value.is_array() && value.size() <= 2 &&
       std::all_of(value.begin(), value.end(), [](const Json& part) { return part.is_string(); }));
  if (!is_sound) {
    return couch_error("invalid_index_name", "Invalid index name: " + shown(value));
  }
  if (value.is_string()) {
    query.use_index = split_index_name(value.get<std::string>());
    if (query.use_index.empty()) {
      return couch_error("invalid_index_name", "Invalid index name: " + shown(value));
    }
  } else if (!value.empty()) {
    query.use_index = {without_design(value[0].get<std::string>())};
    if (value.size() == 2) query.use_index.push_back(value[1].get<std::string>());
  }
  return {};
}

Result<void> set_bookmark(Query& query, const Json& value) {
  if (value.is_null()) return {};
  if (!value.is_string()) {
    return couch_error("invalid_bookmark", "Invalid bookmark value: " + shown(value));
  }
  query.bookmark = value.get<std::string>();
  return {};
}

Result<bool> flag(const Json& value) {
  if (!value.is_boolean()) {
    return couch_error("invalid_boolean", "Invalid boolean value: " + shown(value));
  }
  return value.get<bool>();
}

Result<void> set_allow_fallback(Query& query, const Json& value) {
  auto allowed = flag(value);
  if (!allowed) return unexpected(allowed.error());
  query.allow_fallback = *allowed;
  return {};
}

// Options that mean nothing if there is one copy of the data are checked all the same.
Result<void> check_flag(Query&, const Json& value) {
  auto checked = flag(value);
  if (!checked) return unexpected(checked.error());
  return {};
}

Result<void> check_r(Query&, const Json& value) {
  if (whole_number(value).value_or(0) > 0) return {};
  return couch_error("invalid_pos_integer", shown(value) + " is not an integer greater than zero");
}

Result<void> check_stale(Query&, const Json& value) {
  if (value == "ok" || value == "false" || value == false) return {};
  return couch_error("invalid_ok_or_false_value",
                     "Invalid value for option: " + shown(value) + ", should be ok or false");
}

// Fabric's databases have no partitions.
Result<void> check_partition(Query&, const Json& value) {
  if (value == "") return {};
  return couch_error("query_parse_error", "`partition` parameter is not supported on this db");
}

Result<void> ignore(Query&, const Json&) {
  return {};
}

// In the order in which CouchDB looks at them.
constexpr std::pair<std::string_view, Setter> kSetters[] = {
    {"selector", set_selector},
    {"use_index", set_use_index},
    {"bookmark", set_bookmark},
    {"limit", ignore},
    {"skip", set_skip},
    {"sort", set_sort},
    {"fields", set_fields},
    {"partition", check_partition},
    {"r", check_r},
    {"conflicts", check_flag},
    {"stale", check_stale},
    {"update", check_flag},
    {"stable", check_flag},
    {"execution_stats", check_flag},
    {"allow_fallback", set_allow_fallback},
};

bool is_known(std::string_view name) {
  return std::any_of(std::begin(kSetters), std::end(kSetters),
                     [name](const auto& setter) { return setter.first == name; });
}

Result<Json> read_query(std::string_view text) {
  if (text.size() > kQueryBytesMax) {
    return fail(ErrorCode::kInvalid, "the query is " + std::to_string(text.size()) +
                                         " bytes and exceeds maximum allowed " +
                                         std::to_string(kQueryBytesMax) + " bytes");
  }
  auto decoded = gojson::decode(text, gojson::kQuery, kQueryDepthMax);
  if (!decoded && decoded.error().code == ErrorCode::kExhausted) {
    return fail(ErrorCode::kInvalid,
                "the query is nested more than " + std::to_string(kQueryDepthMax) + " levels deep");
  }
  if (!decoded) return unexpected(decoded.error());
  if (!decoded->value.is_object()) {
    return fail(ErrorCode::kInvalid, "the query is not a JSON object: json: cannot unmarshal " +
                                         std::string(gojson::type_name(decoded->value)) +
                                         " into Go value of type map[string]interface {}");
  }
  return std::move(decoded->value);
}

// The members of a projected object by name; one that is taken whole has its value.
struct Picked {
  const Json* whole = nullptr;
  std::map<std::string, Picked> members;
};

void append_picked(std::string& out, const Picked& picked) {
  if (picked.whole != nullptr) return gojson::append_encoded(out, *picked.whole);
  out += '{';
  for (const auto& [name, below] : picked.members) {
    if (out.back() != '{') out += ',';
    gojson::append_encoded_string(out, name);
    out += ':';
    append_picked(out, below);
  }
  out += '}';
}

// CouchDB's own; Fabric takes them out of what it returns.
bool is_own(const FieldPath& field) {
  const std::string& name = field.steps()[0].name;
  return name == "_id" || name == "_rev" || name == "~version";
}

}  // namespace

Result<Query> Query::parse(std::string_view text) {
  const auto json = read_query(text);
  if (!json) return unexpected(json.error());
  Query query;
  const Json* const fields = member(*json, "fields");
  // Fabric looks before CouchDB does.
  if (fields != nullptr && !fields->is_array()) {
    return fail(ErrorCode::kInvalid, "fields definition must be an array");
  }
  if (member(*json, "selector") == nullptr) {
    return couch_error("missing_required_key", "Missing required key: selector");
  }
  for (const auto& [name, set] : kSetters) {
    const Json* const value = member(*json, name);
    if (value == nullptr) continue;
    if (auto done = set(query, *value); !done) return unexpected(done.error());
  }
  for (const auto& [name, value] : json->get_ref<const Json::object_t&>()) {
    if (!is_known(name)) {
      return couch_error("invalid_key", "Invalid key " + name + " for this request.");
    }
  }
  return query;
}

std::string project(const Json& document, const std::vector<FieldPath>& fields) {
  Picked picked;
  for (const FieldPath& field : fields) {
    const FieldPath::Found found = field.find(document);
    if (is_own(field) || found.value == nullptr) continue;
    Picked* at = &picked;
    for (const FieldPath::Step& step : field.steps()) {
      if (at->whole != nullptr) break;  // Taken whole by another field, with this one in it.
      at = &at->members[step.name];
    }
    if (at->whole == nullptr) at->whole = found.value;
  }
  std::string text;
  append_picked(text, picked);
  return text;
}

}  // namespace ccbus::ledger::mango
