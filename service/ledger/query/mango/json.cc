#include "service/ledger/query/mango/json.h"

#include <utility>
#include <vector>

namespace ccbus::ledger::mango {
namespace {

using Object = Json::object_t;
using Members = Object::Container;

// nlohmann's own builder looks for each new member among all before it, which takes a second for an
// object of some ten thousand members. This one does not look, and it counts the depth.
class Builder final : public nlohmann::json_sax<Json> {
 public:
  explicit Builder(std::size_t depth_max) : depth_max_(depth_max) {}

  Json take() { return std::move(root_); }

  bool null() override { return add(Json()); }
  bool boolean(bool value) override { return add(Json(value)); }
  bool number_integer(number_integer_t value) override { return add(Json(value)); }
  bool number_unsigned(number_unsigned_t value) override { return add(Json(value)); }
  bool number_float(number_float_t value, const string_t&) override { return add(Json(value)); }
  bool string(string_t& value) override { return add(Json(std::move(value))); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(Json::object()); }
  bool key(string_t& name) override {
    name_ = std::move(name);
    return true;
  }
  bool end_object() override { return close(); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool end_array() override { return close(); }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
    return false;
  }

 private:
  Json& place(Json&& value) {
    if (open_.empty()) return root_ = std::move(value);
    Json& parent = *open_.back();
    if (parent.is_array()) {
      auto& items = parent.get_ref<Json::array_t&>();
      return items.emplace_back(std::move(value));
    }
    Members& members = parent.get_ref<Object&>();
    return members.emplace_back(std::move(name_), std::move(value)).second;
  }
  bool add(Json&& value) {
    place(std::move(value));
    return true;
  }
  bool open(Json&& value) {
    if (open_.size() == depth_max_) return false;
    open_.push_back(&place(std::move(value)));
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  const std::size_t depth_max_;
  Json root_;
  std::vector<Json*> open_;  // A container grows only at its end, where nothing is open below it.
  std::string name_;
};

constexpr std::size_t kShownBytesMax = 120;

}  // namespace

std::optional<Json> parse_json(std::string_view text, std::size_t depth_max) {
  Builder builder(depth_max);
  if (!Json::sax_parse(text, &builder)) return std::nullopt;
  return builder.take();
}

std::optional<Json> parse_document(std::string_view value) {
  // Most values that are not documents can be told by their first byte.
  const std::size_t first = value.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || value[first] != '{') return std::nullopt;
  return parse_json(value, kDocumentDepthMax);
}

const Json* member(const Json& object, std::string_view name) {
  const auto& members = object.get_ref<const Object&>();
  for (auto at = members.rbegin(); at != members.rend(); ++at) {
    if (at->first == name) return &at->second;
  }
  return nullptr;
}

std::string shown(const Json& value) {
  std::string text = value.dump();
  if (text.size() > kShownBytesMax) text = text.substr(0, kShownBytesMax) + "...";
  return text;
}

unexpected<Error> couch_error(std::string_view code, const std::string& reason) {
  return fail(ErrorCode::kInvalid, "error handling CouchDB request. Error:" + std::string(code) +
                                       ",  Status Code:400,  Reason:" + reason);
}

}  // namespace ccbus::ledger::mango
