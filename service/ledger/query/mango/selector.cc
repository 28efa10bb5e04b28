#include "service/ledger/query/mango/selector.h"

#include <re2/re2.h>

#include <algorithm>
#include <utility>

#include "service/ledger/query/mango/collation.h"

namespace ccbus::ledger::mango {
namespace {

// What a condition is asked about.
struct Subject {
  const Json& value;
  bool is_id = false;
  const std::string_view* key = nullptr;  // Of a document as a whole.
};

// Stops the evaluation of an item.
struct Fault {};

bool matches(const Condition& condition, const Subject& subject);

// CouchDB's document begins with its `_id` and has a `_rev`, so it is equal to no argument.
int compare_document(std::string_view key, const Json& argument) {
  if (!argument.is_object() || argument.empty()) return 1;
  const auto& [name, value] = argument.get_ref<const Json::object_t&>().front();
  const int by_name = compare(Json("_id"), Json(name));
  if (by_name != 0) return by_name;
  const int by_id = compare(Json(std::string(key)), value);
  return by_id != 0 ? by_id : 1;
}

// An id sorts by its bytes, and after everything that is no string.
int compare_to(const Subject& subject, const Json& argument) {
  if (subject.key != nullptr) return compare_document(*subject.key, argument);
  if (!subject.is_id) return compare(subject.value, argument);
  if (!argument.is_string()) return 1;
  return subject.value.get_ref<const std::string&>().compare(
      argument.get_ref<const std::string&>());
}

bool equals(const Subject& subject, const Json& argument) {
  const bool is_plain = !subject.is_id && subject.key == nullptr;
  return is_plain ? equal(subject.value, argument) : compare_to(subject, argument) == 0;
}

// Of an array, one item is enough; the array itself does not count.
bool is_in(const Subject& subject, const Json& arguments) {
  const auto is_argument = [&arguments](const Subject& item) {
    return std::any_of(arguments.begin(), arguments.end(),
                       [&item](const Json& argument) { return equals(item, argument); });
  };
  if (!subject.value.is_array()) return is_argument(subject);
  return std::any_of(subject.value.begin(), subject.value.end(),
                     [&is_argument](const Json& item) { return is_argument(Subject{item}); });
}

// Terms have to be the same, not only equal in CouchDB's order.
bool has_all(const Json& value, const Json& arguments) {
  if (!value.is_array() || arguments.empty()) return false;
  const bool has_each =
      std::all_of(arguments.begin(), arguments.end(), [&value](const Json& argument) {
        return std::any_of(value.begin(), value.end(), [&argument](const Json& item) {
          return is_same_term(item, argument, Numbers::kByType);
        });
      });
  return has_each || (arguments.size() == 1 && arguments[0].is_array() &&
                      is_same_term(value, arguments[0], Numbers::kByValue));
}

std::string_view type_of(const Json& value) {
  if (value.is_boolean()) return "boolean";
  if (gojson::is_number(value)) return "number";
  return value.type_name();
}

bool has_remainder(const Json& value, const Json& arguments) {
  const auto number = gojson::integer(value);
  return number && *number % *whole_number(arguments[0]) == *whole_number(arguments[1]);
}

bool any_key_matches(const Condition& part, const Subject& subject) {
  if (!subject.value.is_object()) return false;
  const auto name_matches = [&part](const std::string& text) {
    const Json name(text);
    return matches(part, Subject{name});
  };
  if (subject.key != nullptr) {
    for (const char* own : {"_id", "_rev", "~version"}) {
      if (name_matches(own)) return true;
    }
  }
  const auto& members = subject.value.get_ref<const Json::object_t&>();
  return std::any_of(members.begin(), members.end(),
                     [&name_matches](const auto& entry) { return name_matches(entry.first); });
}

bool items_match(const Condition& condition, const Subject& subject) {
  const Json& value = subject.value;
  const Condition& part = condition.parts[0];
  const auto matches_part = [&part](const Json& item) { return matches(part, Subject{item}); };
  try {
    if (condition.op == Operator::kKeyMapMatch) return any_key_matches(part, subject);
    if (!value.is_array()) return false;
    if (condition.op == Operator::kElemMatch) {
      return std::any_of(value.begin(), value.end(), matches_part);
    }
    return !value.empty() && std::all_of(value.begin(), value.end(), matches_part);
  } catch (const Fault&) {
    return false;
  }
}

bool holds(const Condition& condition, const Subject& subject) {
  const Json& value = subject.value;
  const Json& argument = condition.argument;
  switch (condition.op) {
    case Operator::kAnd:
    case Operator::kOr:
    case Operator::kNot: return matches(condition, subject);
    case Operator::kLt: return compare_to(subject, argument) < 0;
    case Operator::kLte: return compare_to(subject, argument) <= 0;
    case Operator::kEq: return equals(subject, argument);
    case Operator::kNe: return !equals(subject, argument);
    case Operator::kGte: return compare_to(subject, argument) >= 0;
    case Operator::kGt: return compare_to(subject, argument) > 0;
    case Operator::kIn: return is_in(subject, argument);
    case Operator::kNin: return !is_in(subject, argument);
    case Operator::kExists: return argument.get<bool>();
    case Operator::kType: return type_of(value) == argument.get_ref<const std::string&>();
    case Operator::kMod: return has_remainder(value, argument);
    case Operator::kRegex:
      return value.is_string() &&
             RE2::PartialMatch(value.get_ref<const std::string&>(), *condition.regex);
    case Operator::kBeginsWith:
      return value.is_string() && value.get_ref<const std::string&>().starts_with(
                                      argument.get_ref<const std::string&>());
    case Operator::kAll: return has_all(value, argument);
    case Operator::kSize: return value.is_array() && value.size() == *whole_number(argument);
    case Operator::kElemMatch:
    case Operator::kAllMatch:
    case Operator::kKeyMapMatch: return items_match(condition, subject);
    case Operator::kFault: throw Fault();
  }
  return false;
}

bool is_absence(const Condition& condition) {
  return condition.op == Operator::kExists && !condition.argument.get<bool>();
}

bool matches(const Condition& condition, const Subject& subject) {
  const auto part_matches = [&subject](const Condition& part) { return matches(part, subject); };
  const auto& parts = condition.parts;
  switch (condition.op) {
    case Operator::kAnd: return std::all_of(parts.begin(), parts.end(), part_matches);
    case Operator::kOr:
      return parts.empty() || std::any_of(parts.begin(), parts.end(), part_matches);
    case Operator::kNot: return !matches(parts[0], subject);
    default: break;
  }
  if (!condition.path) return holds(condition, subject) != condition.negated;
  const FieldPath::Found found = condition.path->find(subject.value);
  if (found.value == nullptr) return found.is_absent && is_absence(condition);
  return holds(condition, Subject{*found.value}) != condition.negated;
}

// The key is looked at where a path says `_id`, but not within the document's values.
bool matches_document(const Condition& condition, std::string_view key, const Json& document) {
  const auto part_matches = [key, &document](const Condition& part) {
    return matches_document(part, key, document);
  };
  const auto& parts = condition.parts;
  switch (condition.op) {
    case Operator::kAnd: return std::all_of(parts.begin(), parts.end(), part_matches);
    case Operator::kOr:
      return parts.empty() || std::any_of(parts.begin(), parts.end(), part_matches);
    default: break;
  }
  if (!condition.path) return holds(condition, {document, false, &key}) != condition.negated;
  if (!condition.path->is_id()) return matches(condition, Subject{document});
  const Json id = std::string(key);
  return holds(condition, Subject{id, true}) != condition.negated;
}

void collect_required(const Condition& condition, std::vector<const Condition*>& required) {
  if (condition.op != Operator::kAnd) {
    required.push_back(&condition);
    return;
  }
  for (const Condition& part : condition.parts) collect_required(part, required);
}

}  // namespace

Result<Selector> Selector::parse(const Json& selector) {
  if (!selector.is_object()) {
    return couch_error("invalid_selector_json",
                       "Selector must be a JSON object, not: " + shown(selector));
  }
  Selector parsed;
  if (selector.empty()) return parsed;
  auto root = parse_condition(selector);
  if (!root) return unexpected(root.error());
  parsed.root_ = std::move(*root);
  return parsed;
}

bool Selector::matches(std::string_view key, const Json& document) const {
  return !root_ || matches_document(*root_, key, document);
}

std::vector<const Condition*> Selector::required() const {
  std::vector<const Condition*> required;
  if (root_) collect_required(*root_, required);
  return required;
}

}  // namespace ccbus::ledger::mango
