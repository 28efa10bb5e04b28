#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "service/base/result.h"

namespace ccbus::ledger::expression {

enum class TokenKind { kIdentifier, kNumber, kString, kOperator, kBracket, kBad, kEnd };

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::string text;    // Of a string: without quotes, escapes resolved. Of kBad: the error.
  std::size_t at = 0;  // Its first byte in the text; of kEnd: the text's last character.
};

// Splits a text of the expression language into tokens; the last one is kEnd, or kBad where no
// token begins. Strings stand in ' or ", with Go's escapes, or in ` without escapes. Comments are
// // and /* */, as in Go.
//
// Source: the lexer of the library that reads Fabric's policies, github.com/expr-lang/expr.
[[nodiscard]] std::vector<Token> split(std::string_view text);

// As errors name it: Identifier("foo").
[[nodiscard]] std::string describe(const Token& token);

// Whether the token is an operator that stands between two values.
[[nodiscard]] bool is_binary_operator(const Token& token);

// `message`, the line and column of `at`, and that line with a mark below, as the library has it.
[[nodiscard]] unexpected<Error> fail_at(std::string_view text, std::size_t at,
                                        const std::string& message);

}  // namespace ccbus::ledger::expression
