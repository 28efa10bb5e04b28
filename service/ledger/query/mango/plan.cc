#include "service/ledger/query/mango/plan.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "service/ledger/query/mango/collation.h"

namespace ccbus::ledger::mango {
namespace {

using Conditions = std::vector<const Condition*>;

bool needs_field(const Condition& condition, const FieldPath& field) {
  if (condition.op == Operator::kOr) {
    return !condition.parts.empty() &&
           std::all_of(condition.parts.begin(), condition.parts.end(),
                       [&field](const Condition& part) { return needs_field(part, field); });
  }
  if (condition.op == Operator::kAnd) {
    return std::any_of(condition.parts.begin(), condition.parts.end(),
                       [&field](const Condition& part) { return needs_field(part, field); });
  }
  const bool is_absence = condition.op == Operator::kExists && !condition.argument.get<bool>();
  return condition.path && *condition.path == field && !is_absence;
}

// What the selector asks of one field.
struct Bounds {
  const Json* equal = nullptr;
  const Condition* low = nullptr;
  const Condition* high = nullptr;
};

Bounds bounds_of(const Conditions& required, const FieldPath& field) {
  Bounds bounds;
  for (const Condition* condition : required) {
    if (!condition->path || !(*condition->path == field)) continue;
    // An id is above everything that is no text; such a bound says nothing of where to look.
    if (field.is_id() && !condition->argument.is_string()) continue;
    const auto tightens = [condition](const Condition* known, int direction) {
      return known == nullptr || compare(condition->argument, known->argument) * direction > 0;
    };
    switch (condition->op) {
      case Operator::kEq: bounds.equal = &condition->argument; break;
      case Operator::kGt:
      case Operator::kGte:
        if (tightens(bounds.low, 1)) bounds.low = condition;
        break;
      case Operator::kLt:
      case Operator::kLte:
        if (tightens(bounds.high, -1)) bounds.high = condition;
        break;
      default: break;
    }
  }
  return bounds;
}

struct Candidate {
  Plan plan;
  std::size_t fields_equal = 0;  // At the front of the index.
  bool has_range = false;        // On the field behind them.

  // The larger one serves better; the names make the choice the same everywhere.
  [[nodiscard]] auto rank() const {
    return std::make_tuple(plan.is_sorted, fields_equal, has_range,
                           -static_cast<int>(plan.index->fields.size()));
  }
};

class Planner {
 public:
  explicit Planner(const Query& query) : query_(query), required_(query.selector.required()) {}

  // Whether no match is missing from the index. The fields of the sort have to be there in any
  // case.
  bool covers(const Index& index) const {
    return std::all_of(index.fields.begin(), index.fields.end(), [this](const FieldPath& field) {
      return field.is_id() || is_in(query_.sort, field) ||
             std::any_of(required_.begin(), required_.end(), [&field](const Condition* condition) {
               return needs_field(*condition, field);
             });
    });
  }

  Candidate candidate(const Index& index) const {
    Candidate made;
    made.plan.index = &index;
    std::string prefix;
    for (const FieldPath& field : index.fields) {
      const Bounds bounds = bounds_of(required_, field);
      if (bounds.equal == nullptr) {
        made.has_range = bounds.low != nullptr || bounds.high != nullptr;
        set_range(made.plan, prefix, field, bounds);
        break;
      }
      append_field_sort_key(prefix, field, *bounds.equal);
      ++made.fields_equal;
    }
    if (made.fields_equal == index.fields.size()) set_range(made.plan, prefix, {}, {});
    made.plan.is_sorted = gives_sort(index);
    made.plan.is_reverse = made.plan.is_sorted && query_.is_descending;
    return made;
  }

  Plan scan() const {
    Plan plan;
    const auto id = FieldPath::parse("_id");
    const Bounds bounds = bounds_of(required_, *id);
    const auto text = [](const Json& value) { return value.get<std::string>(); };
    if (bounds.equal != nullptr) {
      plan.start = text(*bounds.equal);
      plan.end = plan.start + '\0';
    } else {
      if (bounds.low != nullptr) plan.start = text(bounds.low->argument);
      if (bounds.high != nullptr) {
        plan.end = text(bounds.high->argument);
        if (bounds.high->op == Operator::kLte) plan.end.push_back('\0');
      }
    }
    plan.is_sorted = query_.sort.empty() || (query_.sort[0].is_id() && !query_.is_descending);
    plan.advice = advice();
    return plan;
  }

 private:
  static bool is_in(const std::vector<FieldPath>& fields, const FieldPath& field) {
    return std::find(fields.begin(), fields.end(), field) != fields.end();
  }

  static void set_range(Plan& plan, const std::string& prefix, const FieldPath& field,
                        const Bounds& bounds) {
    plan.start = prefix;
    if (!prefix.empty()) plan.end = after_prefix(prefix);
    if (bounds.low != nullptr) {
      append_field_sort_key(plan.start, field, bounds.low->argument);
      if (bounds.low->op == Operator::kGt) plan.start = after_prefix(plan.start);
    }
    if (bounds.high != nullptr) {
      plan.end = prefix;
      append_field_sort_key(plan.end, field, bounds.high->argument);
      if (bounds.high->op == Operator::kLte) plan.end = after_prefix(plan.end);
    }
  }

  bool is_constant(const FieldPath& field) const {
    return bounds_of(required_, field).equal != nullptr;
  }

  // A field that is the same in all results does not change their order.
  bool gives_sort(const Index& index) const {
    auto field = index.fields.begin();
    for (auto wanted = query_.sort.begin(); wanted != query_.sort.end();) {
      if (field != index.fields.end() && *field == *wanted) {
        ++field;
        ++wanted;
      } else if (field != index.fields.end() && is_constant(*field)) {
        ++field;
      } else if (is_constant(*wanted) || (field == index.fields.end() && wanted->is_id())) {
        ++wanted;  // Equal entries of an index are in the order of their keys.
      } else {
        return false;
      }
    }
    return true;
  }

  // Fields with equality first, then those of the sort, then one with a range.
  std::string advice() const {
    std::vector<FieldPath> fields;
    const auto add = [&fields](const FieldPath& field) {
      if (!is_in(fields, field) && !field.is_id()) fields.push_back(field);
    };
    for (const Condition* condition : required_) {
      if (condition->path && condition->op == Operator::kEq) add(*condition->path);
    }
    for (const FieldPath& field : query_.sort) add(field);
    if (query_.sort.empty()) {
      for (const Condition* condition : required_) {
        const bool is_range = condition->op == Operator::kLt || condition->op == Operator::kLte ||
                              condition->op == Operator::kGt || condition->op == Operator::kGte;
        if (!condition->path || !is_range) continue;
        add(*condition->path);
        break;
      }
    }
    if (fields.empty()) return {};
    Json names = Json::array();
    for (const FieldPath& field : fields) names.push_back(field.text());
    return "{\"index\":{\"fields\":" + names.dump() + "},\"type\":\"json\"}";
  }

  const Query& query_;
  const Conditions required_;
};

bool is_named(const Index& index, const std::vector<std::string>& use_index) {
  return index.design_document == use_index[0] &&
         (use_index.size() == 1 || index.name == use_index[1]);
}

std::string joined(const std::vector<std::string>& use_index) {
  return use_index.size() == 1 ? use_index[0] : use_index[0] + ", " + use_index[1];
}

}  // namespace

Plan make_plan(const Query& query, const std::vector<Index>& indexes) {
  const Planner planner(query);
  std::vector<Candidate> candidates;
  for (const Index& index : indexes) {
    if (planner.covers(index)) candidates.push_back(planner.candidate(index));
  }
  std::string note;
  if (!query.use_index.empty()) {
    std::vector<Candidate> named;
    for (const Candidate& candidate : candidates) {
      if (is_named(*candidate.plan.index, query.use_index)) named.push_back(candidate);
    }
    if (named.empty()) {
      note = joined(query.use_index) +
             " was not used because it does not contain a valid index for this query.";
    } else {
      candidates = std::move(named);
    }
  } else {
    // An index that narrows nothing and sorts nothing only adds a look-up to each document.
    std::erase_if(candidates, [&query](const Candidate& candidate) {
      const bool narrows = candidate.fields_equal > 0 || candidate.has_range;
      return !narrows && (query.sort.empty() || !candidate.plan.is_sorted);
    });
  }
  const auto best =
      std::max_element(candidates.begin(), candidates.end(),
                       [](const Candidate& a, const Candidate& b) { return a.rank() < b.rank(); });
  Plan plan = best != candidates.end() ? best->plan : planner.scan();
  if (!note.empty()) plan.advice = plan.advice.empty() ? note : note + " " + plan.advice;
  return plan;
}

}  // namespace ccbus::ledger::mango
