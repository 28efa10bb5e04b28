#include "service/ledger/query/mango/query.h"

#include <algorithm>
#include <utility>

namespace ccbus::ledger::mango {
namespace {

// Options of CouchDB that mean nothing if there is one copy of the data.
constexpr std::string_view kIgnored[] = {"r",      "conflicts",       "stale",    "update",
                                         "stable", "execution_stats", "partition"};

using Setter = Result<void> (*)(Query&, const Json&);

Result<void> set_selector(Query& query, const Json& value) {
  auto selector = Selector::parse(value);
  if (!selector) return unexpected(selector.error());
  query.selector = std::move(*selector);
  return {};
}

Result<void> set_fields(Query& query, const Json& value) {
  // Fabric looks before CouchDB does.
  if (!value.is_array()) return fail(ErrorCode::kInvalid, "fields definition must be an array");
  for (const Json& field : value) {
    if (!field.is_string()) {
      return couch_error("invalid_field", "Invalid JSON for field spec: " + shown(field));
    }
    auto path = FieldPath::parse(field.get_ref<const std::string&>());
    if (!path) return unexpected(path.error());
    query.fields.push_back(std::move(*path));
  }
  return {};
}

struct SortField {
  const std::string* name;
  bool is_descending;
};

Result<SortField> sort_field(const Json& spec) {
  if (spec.is_string()) return SortField{&spec.get_ref<const std::string&>(), false};
  if (!spec.is_object() || spec.size() != 1) {
    return couch_error("invalid_sort_field", "Invalid sort field: " + shown(spec));
  }
  const auto& [name, direction] = spec.get_ref<const Json::object_t&>().front();
  if (direction != "asc" && direction != "desc") {
    return couch_error("invalid_sort_dir", "Invalid sort direction: " + shown(direction));
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

Result<std::uint64_t> count(const Json& value) {
  if (!value.is_number_integer() || value < 0) {
    return couch_error("invalid_non_neg_integer",
                       shown(value) + " is not an integer greater than or equal to zero");
  }
  return value.get<std::uint64_t>();
}

Result<void> set_limit(Query& query, const Json& value) {
  auto limit = count(value);
  if (!limit) return unexpected(limit.error());
  query.limit = *limit;
  return {};
}

Result<void> set_skip(Query& query, const Json& value) {
  auto skip = count(value);
  if (!skip) return unexpected(skip.error());
  query.skip = *skip;
  return {};
}

std::vector<std::string> split_index_name(std::string name) {
  constexpr std::string_view kDesign = "_design/";
  if (name.starts_with(kDesign)) name.erase(0, kDesign.size());
  const std::size_t slash = name.find('/');
  if (slash == std::string::npos) return {name};
  return {name.substr(0, slash), name.substr(slash + 1)};
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
  } else if (!value.empty()) {
    query.use_index = split_index_name(value[0].get<std::string>());
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

constexpr std::pair<std::string_view, Setter> kSetters[] = {
    {"selector", set_selector}, {"fields", set_fields}, {"sort", set_sort},
    {"limit", set_limit},       {"skip", set_skip},     {"use_index", set_use_index},
    {"bookmark", set_bookmark},
};

Result<void> set(Query& query, const std::string& name, const Json& value) {
  for (const auto& [known, setter] : kSetters) {
    if (name == known) return setter(query, value);
  }
  if (std::find(std::begin(kIgnored), std::end(kIgnored), name) != std::end(kIgnored)) return {};
  return couch_error("invalid_key", "Invalid key " + name + " for this request.");
}

}  // namespace

Result<Query> Query::parse(std::string_view text) {
  if (text.size() > kQueryBytesMax) {
    return fail(ErrorCode::kInvalid, "the query is " + std::to_string(text.size()) +
                                         " bytes and exceeds maximum allowed " +
                                         std::to_string(kQueryBytesMax) + " bytes");
  }
  const auto json = parse_json(text, kQueryDepthMax);
  if (!json || !json->is_object()) {
    return fail(ErrorCode::kInvalid, "the query is not a JSON object, or nested more than " +
                                         std::to_string(kQueryDepthMax) + " levels deep");
  }
  Query query;
  if (member(*json, "selector") == nullptr) {
    return couch_error("missing_required_key", "Missing required key: selector");
  }
  for (const auto& [name, value] : json->get_ref<const Json::object_t&>()) {
    if (auto done = set(query, name, value); !done) return unexpected(done.error());
  }
  return query;
}

std::string project(const Json& document, const std::vector<FieldPath>& fields) {
  nlohmann::json projected = nlohmann::json::object();
  for (const FieldPath& field : fields) {
    const FieldPath::Found found = field.find(document);
    if (field.is_id() || found.value == nullptr) continue;
    nlohmann::json* at = &projected;
    for (const FieldPath::Step& step : field.steps()) {
      // A value that was taken whole by another field holds this one already.
      if (!at->is_null() && !at->is_object()) break;
      at = &(*at)[step.name];
    }
    if (at->is_null()) *at = nlohmann::json(*found.value);
  }
  return projected.dump();
}

}  // namespace ccbus::ledger::mango
