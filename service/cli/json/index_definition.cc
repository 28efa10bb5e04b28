#include "service/cli/json/index_definition.h"

#include <algorithm>
#include <cstdint>

#include "service/base/fixed_int.h"
#include "service/base/gojson/decode.h"
#include "service/base/gojson/encode.h"
#include "service/base/hex.h"

namespace ccbus::cli {
namespace {

using gojson::Value;

unexpected<Error> invalid(const std::string& what) {
  return fail(ErrorCode::kInvalid, "invalid index definition: " + what);
}

std::string as_code(std::string_view name) {
  return "`" + std::string(name) + "`";
}

// Reads one index file. A fault that only CouchDB finds makes a note.
class IndexFileReader {
 public:
  IndexFileReader(const Value& file, std::string_view collection) : file_(file) {
    config_.set_collection(std::string(collection));
  }

  Result<IndexDefinition> read() {
    if (auto read = read_index(); !read) return unexpected(read.error());
    if (auto checked = check_type(); !checked) return unexpected(checked.error());
    auto design_document = name_of("ddoc");
    if (!design_document) return unexpected(design_document.error());
    auto name = name_of("name");
    if (!name) return unexpected(name.error());
    constexpr std::string_view kDesign = "_design/";
    if (design_document->starts_with(kDesign)) design_document->erase(0, kDesign.size());
    config_.set_design_document(std::move(*design_document));
    config_.set_name(std::move(*name));
    note_unknown(file_, "", {"index", "ddoc", "name", "type"});
    if (is_made_) read_.config = std::move(config_);
    return std::move(read_);
  }

 private:
  const Value* find(const Value& object, std::string_view name) {
    if (const Value* exact = gojson::member(object, name)) return exact;
    return gojson::member_of_any_case(object, name);
  }

  void note_unknown(const Value& object, const std::string& path,
                    std::initializer_list<std::string_view> known) {
    for (const auto& [name, value] : object.get_ref<const Value::object_t&>()) {
      if (std::find(known.begin(), known.end(), name) != known.end()) continue;
      read_.notes.push_back(as_code(path + name) +
                            " is not known; Fabric's peer does not package such a file");
    }
  }

  void no_index(const std::string& why) {
    if (is_made_) read_.notes.push_back("no index is made, as in CouchDB: " + why);
    is_made_ = false;
  }

  Result<void> check_type() {
    const Value* type = find(file_, "type");
    if (type == nullptr || *type == "json") return {};
    return invalid("`type` must be \"json\", not: " + gojson::encode(*type));
  }

  Result<std::string> name_of(std::string_view member) {
    const Value* value = find(file_, member);
    if (value == nullptr) return content_name();
    if (!value->is_string()) {
      return invalid(as_code(member) + " must be a text, not: " + gojson::encode(*value));
    }
    if (*value == "") no_index(as_code(member) + " is empty");
    return value->get<std::string>();
  }

  // The same for the same content. FNV-1a.
  std::string content_name() const {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char byte : content_) {
      hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
    }
    std::string bytes;
    append_fixed(bytes, hash);
    return to_hex(bytes);
  }

  Result<void> read_index() {
    const Value* index = find(file_, "index");
    if (index == nullptr) return invalid("`index` is missing");
    if (!index->is_object()) return invalid("`index` must be an object");
    content_ = gojson::encode(*index);
    note_unknown(*index, "index.", {"fields", "partial_filter_selector"});
    if (const Value* filter = find(*index, "partial_filter_selector")) read_filter(*filter);
    const Value* fields = find(*index, "fields");
    if (fields == nullptr) return no_index("`index.fields` is missing"), Result<void>();
    if (!fields->is_array()) return invalid("`index.fields` must be an array");
    if (fields->empty()) no_index("`index.fields` is empty");
    for (const Value& field : *fields) {
      if (auto read = read_field(field); !read) return read;
    }
    return {};
  }

  void read_filter(const Value& filter) {
    if (!filter.is_object()) return no_index("`index.partial_filter_selector` is not an object");
    if (!filter.empty()) config_.set_partial_filter_selector(gojson::encode(filter));
  }

  // Fabric looks at the directions in any case, CouchDB takes them in lower case only.
  Result<void> read_field(const Value& field) {
    const std::string shown =
        "a field must be a name or {name: \"asc\"}, not: " + gojson::encode(field);
    if (field.is_string()) {
      if (field == "") no_index(shown);
      set_direction("asc", shown);
      config_.add_fields(field.get<std::string>());
      return {};
    }
    if (field.is_null()) return invalid(shown);
    if (!field.is_object()) return no_index(shown), Result<void>();
    for (const auto& [name, direction] : field.get_ref<const Value::object_t&>()) {
      if (!is_direction_of_fabric(direction)) return invalid(shown);
      set_direction(direction.get<std::string>(), shown);
      config_.add_fields(name);
    }
    if (field.size() != 1) no_index(shown);
    return {};
  }

  static bool is_direction_of_fabric(const Value& direction) {
    if (!direction.is_string()) return false;
    std::string text = direction.get<std::string>();
    for (char& c : text) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return text == "asc" || text == "desc";
  }

  void set_direction(const std::string& text, const std::string& shown) {
    if (text != "asc" && text != "desc") return no_index(shown);
    if (direction_.empty()) direction_ = text;
    if (direction_ != text) {
      no_index("sorts currently only support a single direction for all fields");
    }
  }

  const Value& file_;
  std::string content_;  // Of `index`.
  std::string direction_;
  bool is_made_ = true;
  ccbus::IndexConfig config_;
  IndexDefinition read_;
};

}  // namespace

Result<IndexDefinition> parse_index_definition(std::string_view text, std::string_view collection) {
  const auto file = gojson::decode(text, gojson::kFile, gojson::kDepthMax);
  if (!file) return invalid("it is not JSON: " + file.error().message);
  if (!file->value.is_object()) return invalid("it is not a JSON object");
  return IndexFileReader(file->value, collection).read();
}

}  // namespace ccbus::cli
