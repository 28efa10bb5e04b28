#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "fabric/common/policies.pb.h"
#include "service/base/result.h"

namespace ccbus::ledger::expression {

// A name that stands alone, without a call.
struct Name {
  std::string type;  // As Go prints it.
};

// What an expression evaluates to; monostate is nil.
using Value = std::variant<std::monostate, bool, std::int64_t, double, std::string,
                           common::SignaturePolicy, Name>;

// The type of a value as Go prints it, for errors.
[[nodiscard]] std::string type_of(const Value& value);

// What names mean.
struct Environment {
  std::vector<std::string_view> functions;
  std::vector<std::string_view> constants;  // Each of them is a Name of the type `constant_type`.
  std::string constant_type;
  std::function<Result<Value>(std::string_view function, std::vector<Value> args)> call;
};

// Evaluates one expression: calls of functions, strings, numbers, true, false, nil, signs and
// brackets.
//
// Errors: kInvalid with the place and the line, for a text that is no such expression, for a name
//         that is not known, and for what `call` refuses; also for what is nested deeper than
//         kNestingMax.
// Source: the library that reads Fabric's policies, github.com/expr-lang/expr. What it has besides
//         (operators between values, lists, members of objects, its own functions) is refused here.
[[nodiscard]] Result<Value> evaluate(std::string_view text, const Environment& environment);

inline constexpr int kNestingMax = 32;

}  // namespace ccbus::ledger::expression
