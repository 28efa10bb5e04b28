#include <re2/re2.h>

#include <cmath>
#include <utility>

#include "service/ledger/query/mango/selector.h"

namespace ccbus::ledger::mango {
namespace {

struct Known {
  std::string_view name;
  Operator op;
};
constexpr Known kComparisons[] = {{"$lt", Operator::kLt},   {"$lte", Operator::kLte},
                                  {"$eq", Operator::kEq},   {"$ne", Operator::kNe},
                                  {"$gte", Operator::kGte}, {"$gt", Operator::kGt}};
constexpr Known kWithArray[] = {
    {"$in", Operator::kIn}, {"$nin", Operator::kNin}, {"$all", Operator::kAll}};
constexpr Known kWithSelector[] = {{"$elemMatch", Operator::kElemMatch},
                                   {"$allMatch", Operator::kAllMatch},
                                   {"$keyMapMatch", Operator::kKeyMapMatch}};
constexpr std::string_view kUnsupported[] = {"$where", "$geoWithin",  "$geoIntersects",
                                             "$near",  "$nearSphere", "$text"};

template <std::size_t kCount>
const Known* find_known(const Known (&table)[kCount], std::string_view name) {
  for (const Known& known : table) {
    if (known.name == name) return &known;
  }
  return nullptr;
}

std::optional<Operator> opposite(Operator op) {
  switch (op) {
    case Operator::kLt: return Operator::kGte;
    case Operator::kLte: return Operator::kGt;
    case Operator::kEq: return Operator::kNe;
    case Operator::kNe: return Operator::kEq;
    case Operator::kGte: return Operator::kLt;
    case Operator::kGt: return Operator::kLte;
    case Operator::kIn: return Operator::kNin;
    case Operator::kNin: return Operator::kIn;
    default: return std::nullopt;
  }
}

unexpected<Error> bad_argument(const std::string& op, const Json& argument) {
  return couch_error("bad_arg", "Bad argument for operator " + op + ": " + shown(argument));
}

class Parser {
 public:
  // Where a condition stands.
  struct Place {
    std::optional<FieldPath> path;
    bool negated = false;
    bool in_items = false;  // Below $elemMatch and the like, where $not is not pushed down.
  };

  Result<Condition> parse(const Json& condition, const Place& place) {
    if (!condition.is_object() || condition.empty()) {
      return terminal(Operator::kEq, condition, place);
    }
    if (condition.size() > 1) {
      std::vector<std::pair<const std::string*, const Json*>> each;
      for (const auto& [name, argument] : condition.get_ref<const Json::object_t&>()) {
        each.emplace_back(&name, &argument);
      }
      return combine(Operator::kAnd, each.size(), place,
                     [&](std::size_t i) { return entry(*each[i].first, *each[i].second, place); });
    }
    const auto& [name, argument] = condition.get_ref<const Json::object_t&>().front();
    return entry(name, argument, place);
  }

 private:
  Result<Condition> entry(const std::string& name, const Json& argument, const Place& place) {
    if (name.empty() || name[0] != '$') {
      auto path = FieldPath::parse(name);
      if (!path) return unexpected(path.error());
      Place below = place;
      below.path = place.path ? place.path->joined(*path) : std::move(*path);
      return parse(argument, below);
    }
    if (name == "$and" || name == "$or" || name == "$nor") {
      if (!argument.is_array()) return bad_argument(name, argument);
      return combination(name, argument, place);
    }
    if (name == "$not") {
      if (!argument.is_object()) return bad_argument(name, argument);
      return negation(argument, place);
    }
    return operation(name, argument, place);
  }

  Result<Condition> combination(const std::string& name, const Json& arguments,
                                const Place& place) {
    const bool is_nor = name == "$nor";
    Place inner = place;
    if (is_nor && place.in_items) {
      // CouchDB takes it and has no rule for it when it comes to an item.
      auto parsed = each_of(Operator::kOr, arguments, inner);
      if (parsed) parsed = Condition{Operator::kFault, {}, false, {}, {}, {}};
      return parsed;
    }
    if (is_nor) inner.negated = !place.negated;
    return each_of(name == "$and" ? Operator::kAnd : Operator::kOr, arguments, inner);
  }

  Result<Condition> negation(const Json& argument, const Place& place) {
    Place inner = place;
    if (!place.in_items) {
      inner.negated = !place.negated;
      return parse(argument, inner);
    }
    auto part = parse(argument, inner);
    return part ? negate_in_place(std::move(*part)) : std::move(part);
  }

  static Condition negate_in_place(Condition part) {
    Condition negated{Operator::kNot, {}, false, {}, {}, {}};
    negated.parts.push_back(std::move(part));
    return negated;
  }

  Result<Condition> each_of(Operator op, const Json& arguments, const Place& place) {
    return combine(op, arguments.size(), place,
                   [&](std::size_t i) { return parse(arguments[i], place); });
  }

  // De Morgan: with the parts negated, "and" turns to "or".
  template <class MakePart>
  Result<Condition> combine(Operator op, std::size_t count, const Place& place,
                            const MakePart& make_part) {
    if (place.negated) op = op == Operator::kAnd ? Operator::kOr : Operator::kAnd;
    Condition combined{op, {}, false, {}, {}, {}};
    for (std::size_t i = 0; i < count; ++i) {
      auto part = make_part(i);
      if (!part) return part;
      combined.parts.push_back(std::move(*part));
    }
    return combined;
  }

  Result<Condition> operation(const std::string& name, const Json& argument, const Place& place) {
    if (const Known* known = find_known(kComparisons, name)) {
      return terminal(known->op, argument, place);
    }
    if (const Known* known = find_known(kWithArray, name)) {
      if (!argument.is_array()) return bad_argument(name, argument);
      return terminal(known->op, argument, place);
    }
    if (const Known* known = find_known(kWithSelector, name)) {
      return on_items(*known, argument, place);
    }
    if (name == "$regex") return regex(argument, place);
    if (name == "$exists") {
      if (!argument.is_boolean()) return bad_argument(name, argument);
      Place positive = place;
      positive.negated = false;
      return terminal(Operator::kExists, Json(argument.get<bool>() != place.negated), positive);
    }
    if (name == "$type") {
      if (!argument.is_string()) return bad_argument(name, argument);
      return terminal(Operator::kType, argument, place);
    }
    if (name == "$beginsWith" && argument.is_string()) {  // CouchDB knows no other $beginsWith.
      return terminal(Operator::kBeginsWith, argument, place);
    }
    if (name == "$size") {
      const auto size = whole_number(argument);
      if (!size || *size < 0) return bad_argument(name, argument);
      return terminal(Operator::kSize, argument, place);
    }
    if (name == "$mod") {
      const bool is_pair = argument.is_array() && argument.size() == 2;
      const auto divisor = is_pair ? whole_number(argument[0]) : std::nullopt;
      const bool is_sound = divisor.value_or(0) != 0 && whole_number(argument[1]);
      if (!is_sound) return bad_argument(name, argument);
      return terminal(Operator::kMod, argument, place);
    }
    for (const std::string_view unsupported : kUnsupported) {
      if (name == unsupported) return couch_error("not_supported", "Unsupported operator: " + name);
    }
    return couch_error("invalid_operator", "Invalid operator: " + name);
  }

  Result<Condition> on_items(const Known& known, const Json& argument, const Place& place) {
    if (!argument.is_object()) return bad_argument(std::string(known.name), argument);
    Place items;
    items.in_items = true;
    auto part = parse(argument, items);
    if (!part) return part;
    auto condition = terminal(known.op, Json(), place);
    if (condition) condition->parts.push_back(std::move(*part));
    return condition;
  }

  Result<Condition> regex(const Json& argument, const Place& place) {
    if (!argument.is_string()) return bad_argument("$regex", argument);
    const auto& pattern = argument.get_ref<const std::string&>();
    if (pattern.size() > kRegexBytesMax || ++regexes_ > kRegexesMax) {
      return couch_error("bad_arg", "Bad argument for operator $regex: at most " +
                                        std::to_string(kRegexesMax) + " patterns of " +
                                        std::to_string(kRegexBytesMax) + " bytes are allowed");
    }
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(kRegexMemoryMax);
    auto compiled = std::make_shared<const RE2>(pattern, options);
    if (!compiled->ok()) {
      return couch_error("bad_arg", "Bad argument for operator $regex: " + shown(argument) + " (" +
                                        compiled->error() + ")");
    }
    auto condition = terminal(Operator::kRegex, argument, place);
    if (condition) condition->regex = std::move(compiled);
    return condition;
  }

  Result<Condition> terminal(Operator op, Json argument, const Place& place) {
    Condition condition{op, {}, place.negated, std::move(argument), {}, {}};
    if (const auto reversed = opposite(op); reversed && place.negated) {
      condition.op = *reversed;
      condition.negated = false;
    }
    condition.path = place.path;
    return condition;
  }

  std::size_t regexes_ = 0;
};

}  // namespace

std::optional<gojson::Int128> whole_number(const Json& value) {
  if (!value.is_number_float()) return gojson::integer(value);
  constexpr double kWholeMax = 1e21;
  const double number = value.get<double>();
  if (std::trunc(number) != number || std::fabs(number) >= kWholeMax) return std::nullopt;
  return static_cast<gojson::Int128>(number);
}

Result<Condition> parse_condition(const Json& selector) {
  auto parsed = Parser().parse(selector, {});
  if (!parsed || parsed->path) return parsed;
  if (parsed->op == Operator::kAnd || parsed->op == Operator::kOr) return parsed;
  return couch_error("invalid_selector", "One or more conditions is missing a field name.");
}

}  // namespace ccbus::ledger::mango
