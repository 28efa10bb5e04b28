#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/base/gojson/number.h"
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
  kFault,  // Within $elemMatch, $allMatch or $keyMapMatch, which then does not match.
};

// A selector in CouchDB's normal form: conditions on whole paths, with negations pushed down to
// them. Therefore, as in CouchDB, no condition except {"$exists": false} matches a document that
// lacks the field, not even a negated one.
struct Condition {
  Operator op;
  // nullopt: the value itself, within $elemMatch, $allMatch and $keyMapMatch; else the document.
  std::optional<FieldPath> path;
  bool negated = false;  // The field must exist all the same.
  Json argument;
  // Several of $and and $or, which match everything if there are none; one of $not and the three.
  std::vector<Condition> parts;
  std::shared_ptr<const re2::RE2> regex;
};

// Decides whether documents match. Any thread; it never changes.
class Selector {
 public:
  // Errors: kInvalid in CouchDB's words, with the operator and its argument.
  [[nodiscard]] static Result<Selector> parse(const Json& selector);

  // `key` is the document's _id.
  [[nodiscard]] bool matches(std::string_view key, const Json& document) const;

  // The conditions that every matching document fulfils: the top one, or the parts of $and at the
  // top. They live as long as the selector.
  [[nodiscard]] std::vector<const Condition*> required() const;

 private:
  std::optional<Condition> root_;  // nullopt: everything matches.
};

// Reads a number where a selector or an option needs a whole one; 2.0 and 1e3 are whole. Returns
// nullopt if the value is not a whole number, or has more than 38 digits.
[[nodiscard]] std::optional<gojson::Int128> whole_number(const Json& value);

// Brings a selector into its normal form. For Selector only.
[[nodiscard]] Result<Condition> parse_condition(const Json& selector);

}  // namespace ccbus::ledger::mango
