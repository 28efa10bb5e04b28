#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/base/result.h"
#include "service/ledger/query/mango/field_path.h"
#include "service/ledger/query/mango/json.h"

namespace re2 {
class RE2;
}

namespace ccbus::ledger::mango {

inline constexpr std::size_t kRegexBytesMax = 1000;
inline constexpr std::int64_t kRegexMemoryMax = 1 << 20;
inline constexpr std::size_t kRegexesMax = 20;

enum class Operator {
  kAnd,
  kOr,
  kNot,
  kLt,
  kLte,
  kEq,
  kNe,
  kGte,
  kGt,
  kIn,
  kNin,
  kExists,
  kType,
  kMod,
  kRegex,
  kBeginsWith,
  kAll,
  kSize,
  kElemMatch,
  kAllMatch,
  kKeyMapMatch,
};

// A selector as CouchDB brings it into its normal form: conditions on whole paths, negations pushed
// down to them. From there it follows, as in CouchDB, that no condition but {"$exists": false}
// matches where the field is missing, not even a negated one.
struct Condition {
  Operator op;
  std::optional<FieldPath> path;  // None: of the value itself, within $elemMatch and its kin.
  bool negated = false;           // The field has to be there all the same.
  Json argument;
  std::vector<Condition> parts;  // Of $and and $or; one of $not, $elemMatch and its kin.
  std::shared_ptr<const re2::RE2> regex;
};

// Says of documents whether they match. Any thread; it never changes.
class Selector {
 public:
  // Errors: kInvalid in CouchDB's words, naming the operator and its argument.
  [[nodiscard]] static Result<Selector> parse(const Json& selector);

  // `key` is the document's _id.
  [[nodiscard]] bool matches(std::string_view key, const Json& document) const;

  // Conditions that every match fulfils: the selector's own and those of $and on top of it.
  // They live as long as the selector.
  [[nodiscard]] std::vector<const Condition*> required() const;

 private:
  std::optional<Condition> root_;  // None: everything matches.
};

// The selector's text to its normal form; for Selector.
[[nodiscard]] Result<Condition> parse_condition(const Json& selector);

}  // namespace ccbus::ledger::mango
