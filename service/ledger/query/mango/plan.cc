#include "service/ledger/query/mango/plan.h"

#include <algorithm>
#include <string_view>
#include <tuple>
#include <utility>

#include "service/base/gojson/encode.h"
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
  std::size_t fields_bound = 0;  // At the front of the index, by conditions of any kind.
  bool narrows = false;

  // CouchDB takes the smallest one.
  [[nodiscard]] auto rank() const {
    return std::make_tuple(-static_cast<int>(fields_bound), plan.index->fields.size(),
                           std::string_view(plan.index->design_document),
                           std::string_view(plan.index->name));
  }
};

// A condition that tells where in an index to look; CouchDB counts these.
bool is_indexable(const Condition& condition) {
  switch (condition.op) {
    case Operator::kLt:
    case Operator::kLte:
    case Operator::kEq:
    case Operator::kGte:
    case Operator::kGt:
    case Operator::kExists: return true;
    case Operator::kBeginsWith: return !condition.negated;
    default: return false;
  }
}

class Planner {
 public:
  explicit Planner(const Query& query) : query_(query), required_(query.selector.required()) {}

  bool serves(const Index& index) const { return covers(index) && gives_sort(index); }

  // Whether the keys of the documents give the sort: with a condition on the id, as CouchDB has it.
  bool keys_serve() const {
    return query_.sort.empty() ||
           (query_.sort.size() == 1 && query_.sort[0].is_id() && is_bound(query_.sort[0]));
  }

  Candidate candidate(const Index& index) const {
    Candidate made;
    made.plan.index = &index;
    for (const FieldPath& field : index.fields) {
      if (!is_bound(field)) break;
      ++made.fields_bound;
    }
    std::string prefix;
    std::size_t fields_equal = 0;
    for (const FieldPath& field : index.fields) {
      const Bounds bounds = bounds_of(required_, field);
      if (bounds.equal == nullptr) {
        made.narrows = bounds.low != nullptr || bounds.high != nullptr;
        set_range(made.plan, prefix, field, bounds);
        break;
      }
      append_field_sort_key(prefix, field, *bounds.equal);
      ++fields_equal;
    }
    if (fields_equal == index.fields.size()) set_range(made.plan, prefix, {}, {});
    made.narrows = made.narrows || fields_equal > 0;
    made.plan.is_reverse = !query_.sort.empty() && query_.is_descending;
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
    plan.is_sorted = query_.sort.empty() || (keys_serve() && !query_.is_descending);
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

  bool is_bound(const FieldPath& field) const {
    return std::any_of(required_.begin(), required_.end(), [&field](const Condition* condition) {
      return condition->path && *condition->path == field && is_indexable(*condition);
    });
  }

  bool is_constant(const FieldPath& field) const {
    return std::any_of(required_.begin(), required_.end(), [&field](const Condition* condition) {
      return condition->path && *condition->path == field && condition->op == Operator::kEq;
    });
  }

  // The fields of the sort have to follow each other in the index. Before them only fields may
  // stand that are the same in all results.
  bool gives_sort(const Index& index) const {
    if (query_.sort.empty()) return true;
    const auto& fields = index.fields;
    auto first = fields.begin();
    while (first != fields.end() && !(*first == query_.sort[0])) {
      if (!is_constant(*first)) return false;
      ++first;
    }
    return static_cast<std::size_t>(fields.end() - first) >= query_.sort.size() &&
           std::equal(query_.sort.begin(), query_.sort.end(), first);
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
    return "{\"index\":{\"fields\":" + gojson::encode(names) + "},\"type\":\"json\"}";
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

unexpected<Error> no_index_may_serve(const std::vector<std::string>& use_index) {
  if (use_index.empty()) {
    return couch_error("invalid_index",
                       "You must specify an index with the `use_index` parameter.");
  }
  return couch_error("invalid_index",
                     "_design/" + joined(use_index) +
                         " specified by `use_index` could not be found or it is not suitable.");
}

const Candidate* best_of(const std::vector<const Candidate*>& candidates) {
  const auto best = std::min_element(
      candidates.begin(), candidates.end(),
      [](const Candidate* a, const Candidate* b) { return a->rank() < b->rank(); });
  return best == candidates.end() ? nullptr : *best;
}

// CouchDB would wait for an index that is being built. Another one does unless it has other
// documents.
Plan plan_of(const Planner& planner, const std::vector<const Candidate*>& candidates) {
  const Candidate* const best = best_of(candidates);
  if (best == nullptr) return planner.scan();
  if (best->plan.index->is_complete) return best->plan;
  if (!best->plan.index->partial_filter) {
    std::vector<const Candidate*> others;
    for (const Candidate* candidate : candidates) {
      const Index& index = *candidate->plan.index;
      if (index.is_complete && !index.partial_filter) others.push_back(candidate);
    }
    if (const Candidate* other = best_of(others)) return other->plan;
  }
  Plan plan = planner.scan();
  plan.filter = best->plan.index->partial_filter;
  return plan;
}

}  // namespace

Result<Plan> make_plan(const Query& query, const std::vector<Index>& indexes) {
  const Planner planner(query);
  std::vector<Candidate> serving;
  for (const Index& index : indexes) {
    const bool is_asked = !query.use_index.empty() && is_named(index, query.use_index);
    if ((is_asked || !index.partial_filter) && planner.serves(index)) {
      serving.push_back(planner.candidate(index));
    }
  }
  if (serving.empty() && !planner.keys_serve()) {
    return couch_error("no_usable_index",
                       "No index exists for this sort, try indexing by the sort fields.");
  }
  std::vector<const Candidate*> candidates;
  if (!query.use_index.empty()) {
    for (const Candidate& candidate : serving) {
      if (is_named(*candidate.plan.index, query.use_index)) candidates.push_back(&candidate);
    }
  }
  std::string note;
  if (candidates.empty()) {
    const std::size_t serving_count = serving.size() + (planner.keys_serve() ? 1 : 0);
    const bool may_choose = query.use_index.empty() && serving_count > 1;
    if (!query.allow_fallback && !may_choose) return no_index_may_serve(query.use_index);
    if (!query.use_index.empty()) {
      note = joined(query.use_index) +
             " was not used because it does not contain a valid index for this query.";
    }
    for (const Candidate& candidate : serving) {
      // An index that narrows nothing and sorts nothing only adds a look-up to each document.
      if (candidate.narrows || !query.sort.empty()) candidates.push_back(&candidate);
    }
  }
  Plan plan = plan_of(planner, candidates);
  if (!note.empty()) plan.advice = plan.advice.empty() ? note : note + " " + plan.advice;
  return plan;
}

std::optional<Plan> plan_with(const Query& query, const Index& index) {
  const Planner planner(query);
  if (!index.is_complete || !planner.serves(index)) return std::nullopt;
  return planner.candidate(index).plan;
}

Plan scan_plan(const Query& query) {
  return Planner(query).scan();
}

}  // namespace ccbus::ledger::mango
