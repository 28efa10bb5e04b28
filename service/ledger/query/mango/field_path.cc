#include "service/ledger/query/mango/field_path.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace ccbus::ledger::mango {
namespace {

std::optional<std::size_t> position_of(const std::string& name) {
  std::size_t position = 0;
  const char* end = name.data() + name.size();
  const auto [rest, error] = std::from_chars(name.data(), end, position);
  if (error != std::errc() || rest != end) return std::nullopt;
  return position;
}

}  // namespace

Result<FieldPath> FieldPath::parse(std::string_view text) {
  FieldPath path;
  path.text_ = text;
  std::string name;
  const auto end_step = [&path, &name] {
    if (name.empty()) return false;
    const std::optional<std::size_t> position = position_of(name);
    path.steps_.push_back({std::exchange(name, {}), position});
    return true;
  };
  bool is_sound = true;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      if (i + 1 < text.size() && text[i + 1] == '.') name.push_back(text[++i]);
    } else if (text[i] == '.') {
      is_sound = end_step() && is_sound;
    } else {
      name.push_back(text[i]);
    }
  }
  if (!end_step() || !is_sound) {
    return couch_error("invalid_field_name", "Invalid field name: " + std::string(text));
  }
  return path;
}

FieldPath FieldPath::joined(const FieldPath& below) const {
  FieldPath whole = *this;
  whole.text_ += "." + below.text_;
  whole.steps_.insert(whole.steps_.end(), below.steps_.begin(), below.steps_.end());
  return whole;
}

bool FieldPath::operator==(const FieldPath& other) const {
  return std::equal(steps_.begin(), steps_.end(), other.steps_.begin(), other.steps_.end(),
                    [](const Step& a, const Step& b) { return a.name == b.name; });
}

FieldPath::Found FieldPath::find(const Json& from) const {
  const Json* at = &from;
  for (const Step& step : steps_) {
    if (at->is_object()) {
      at = member(*at, step.name);
      if (at == nullptr) return {nullptr, true};
    } else if (at->is_array() && step.position && *step.position < at->size()) {
      at = &(*at)[*step.position];
    } else {
      return {nullptr, false};
    }
  }
  return {at, false};
}

}  // namespace ccbus::ledger::mango
