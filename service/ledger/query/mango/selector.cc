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
};

bool matches(const Condition& condition, const Subject& subject);

// An id sorts by its bytes, and after everything that is no string.
int compare_to(const Subject& subject, const Json& argument) {
  if (!subject.is_id) return compare(subject.value, argument);
  if (!argument.is_string()) return 1;
  return subject.value.get_ref<const std::string&>().compare(
      argument.get_ref<const std::string&>());
}

bool equals(const Subject& subject, const Json& argument) {
  return subject.is_id ? compare_to(subject, argument) == 0 : equal(subject.value, argument);
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

bool has_all(const Json& value, const Json& arguments) {
  if (!value.is_array() || arguments.empty()) return false;
  const bool has_each =
      std::all_of(arguments.begin(), arguments.end(), [&value](const Json& argument) {
        return std::any_of(value.begin(), value.end(),
                           [&argument](const Json& item) { return equal(item, argument); });
      });
  return has_each ||
         (arguments.size() == 1 && arguments[0].is_array() && equal(value, arguments[0]));
}

std::string_view type_of(const Json& value) {
  if (value.is_boolean()) return "boolean";
  if (value.is_number()) return "number";
  return value.type_name();
}

bool has_remainder(const Json& value, std::int64_t divisor, std::int64_t remainder) {
  if (!value.is_number_integer()) return false;
  if (value.is_number_unsigned()) {
    const auto magnitude = divisor < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(divisor)
                                       : static_cast<std::uint64_t>(divisor);
    return remainder >= 0 &&
           value.get<std::uint64_t>() % magnitude == static_cast<std::uint64_t>(remainder);
  }
  if (divisor == -1) return remainder == 0;  // INT64_MIN % -1 is undefined.
  return value.get<std::int64_t>() % divisor == remainder;
}

bool any_key_matches(const Condition& part, const Json& value) {
  if (!value.is_object()) return false;
  const auto& members = value.get_ref<const Json::object_t&>();
  return std::any_of(members.begin(), members.end(), [&part](const auto& entry) {
    const Json name(entry.first);
    return matches(part, Subject{name});
  });
}

bool holds(const Condition& condition, const Subject& subject) {
  const Json& value = subject.value;
  const Json& argument = condition.argument;
  const auto item_matches = [&condition](const Json& item) {
    return matches(condition.parts[0], Subject{item});
  };
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
    case Operator::kMod:
      return has_remainder(value, argument[0].get<std::int64_t>(), argument[1].get<std::int64_t>());
    case Operator::kRegex:
      return value.is_string() &&
             RE2::PartialMatch(value.get_ref<const std::string&>(), *condition.regex);
    case Operator::kBeginsWith:
      return value.is_string() && value.get_ref<const std::string&>().starts_with(
                                      argument.get_ref<const std::string&>());
    case Operator::kAll: return has_all(value, argument);
    case Operator::kSize: return value.is_array() && value.size() == argument.get<std::uint64_t>();
    case Operator::kElemMatch:
      return value.is_array() && std::any_of(value.begin(), value.end(), item_matches);
    case Operator::kAllMatch:
      return value.is_array() && !value.empty() &&
             std::all_of(value.begin(), value.end(), item_matches);
    case Operator::kKeyMapMatch: return any_key_matches(condition.parts[0], value);
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
    case Operator::kOr: return std::any_of(parts.begin(), parts.end(), part_matches);
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
    case Operator::kOr: return std::any_of(parts.begin(), parts.end(), part_matches);
    default: break;
  }
  if (!condition.path || !condition.path->is_id()) return matches(condition, Subject{document});
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
