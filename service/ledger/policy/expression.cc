#include "service/ledger/policy/expression.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <system_error>
#include <type_traits>
#include <utility>

#include "service/ledger/policy/expression_lexer.h"

namespace ccbus::ledger::expression {
namespace {

constexpr std::string_view kFunctionType = "func(...interface {}) (interface {}, error)";

struct Node {
  enum class Kind { kLiteral, kName, kCall, kSign, kOperator };
  Kind kind = Kind::kLiteral;
  Value literal;
  std::string name;  // Of a name, a call, a sign, or an operator.
  std::size_t at = 0;
  std::vector<Node> children;  // Arguments; what a sign stands before, an operator between.
};

bool contains(const std::vector<std::string_view>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

class Parser {
 public:
  Parser(std::string_view text, std::vector<Token> tokens)
      : text_(text), tokens_(std::move(tokens)) {}

  Result<Node> parse() {
    auto node = parse_values(1);
    if (node && current().kind != TokenKind::kEnd) return unexpected_token();
    return node;
  }

 private:
  [[nodiscard]] const Token& current() const { return tokens_[at_]; }
  [[nodiscard]] bool is(TokenKind kind, std::string_view text) const {
    return current().kind == kind && current().text == text;
  }
  bool take(TokenKind kind, std::string_view text) {
    if (!is(kind, text)) return false;
    ++at_;
    return true;
  }
  [[nodiscard]] unexpected<Error> unexpected_token() const {
    if (current().kind == TokenKind::kBad) return fail(ErrorCode::kInvalid, current().text);
    return fail_at(text_, current().at, "unexpected token " + describe(current()));
  }

  // A value, or several with operators between them. Those are read, so that a name before them is
  // found, and never evaluated.
  Result<Node> parse_values(int depth) {
    auto node = parse_value(depth);
    while (node && is_binary_operator(current())) {
      Node both;
      both.kind = Node::Kind::kOperator;
      both.name = current().text;
      both.at = current().at;
      ++at_;
      auto right = parse_value(depth);
      if (!right) return right;
      // One node for all: the depth stays what it is.
      if (node->kind == Node::Kind::kOperator) {
        node->children.push_back(std::move(*right));
        continue;
      }
      both.children.push_back(std::move(*node));
      both.children.push_back(std::move(*right));
      node = std::move(both);
    }
    return node;
  }

  Result<Node> parse_value(int depth) {
    const Token token = current();
    if (depth > kNestingMax) {
      return fail_at(text_, token.at, "nested deeper than " + std::to_string(kNestingMax));
    }
    Node node;
    node.at = token.at;
    if (is(TokenKind::kOperator, "-") || is(TokenKind::kOperator, "+")) {
      ++at_;
      auto value = parse_value(depth + 1);
      if (!value) return value;
      node.kind = Node::Kind::kSign;
      node.name = token.text;
      node.children.push_back(std::move(*value));
      return node;
    }
    if (take(TokenKind::kBracket, "(")) {
      auto value = parse_values(depth + 1);
      if (value && !take(TokenKind::kBracket, ")")) return unexpected_token();
      return value;
    }
    switch (token.kind) {
      case TokenKind::kString: ++at_; return node.literal = token.text, node;
      case TokenKind::kNumber: ++at_; return parse_number(token);
      case TokenKind::kIdentifier: return parse_name(depth);
      default: return unexpected_token();
    }
  }

  Result<Node> parse_number(const Token& token) const {
    Node node;
    node.at = token.at;
    const char* const end = token.text.data() + token.text.size();
    std::int64_t whole = 0;
    double number = 0;
    if (const auto [to, error] = std::from_chars(token.text.data(), end, whole);
        error == std::errc() && to == end) {
      node.literal = whole;
    } else if (const auto [stop, wrong] = std::from_chars(token.text.data(), end, number);
               wrong == std::errc() && stop == end &&
               token.text.find_first_of(".eE") != std::string::npos) {
      node.literal = number;
    } else {
      return fail_at(text_, token.at, "invalid number literal: \"" + token.text + "\"");
    }
    return node;
  }

  Result<Node> parse_name(int depth) {
    Node node;
    node.name = current().text;
    node.at = current().at;
    const bool is_call =
        tokens_[at_ + 1].kind == TokenKind::kBracket && tokens_[at_ + 1].text == "(";
    if (!is_call && describe(current()).starts_with("Operator")) return unexpected_token();
    ++at_;
    if (node.name == "true" || node.name == "false")
      return node.literal = node.name == "true", node;
    if (node.name == "nil") return node;
    if (is_call) return parse_arguments(std::move(node), depth);
    node.kind = Node::Kind::kName;
    // A member of an object: no name that is known here has any.
    while (take(TokenKind::kOperator, ".")) {
      if (current().kind == TokenKind::kEnd) {
        return fail_at(text_, current().at, "unexpected end of expression");
      }
      if (current().kind == TokenKind::kBad) return unexpected_token();
      const bool is_name = current().kind == TokenKind::kIdentifier;
      ++at_;
      if (!is_name) return fail_at(text_, current().at, "expected name");
    }
    return node;
  }

  Result<Node> parse_arguments(Node node, int depth) {
    node.kind = Node::Kind::kCall;
    ++at_;  // The bracket.
    while (!is(TokenKind::kBracket, ")")) {
      if (!node.children.empty() && !take(TokenKind::kOperator, ",")) return unexpected_token();
      if (is(TokenKind::kBracket, ")")) break;  // A comma may end the list.
      auto argument = parse_values(depth + 1);
      if (!argument) return argument;
      node.children.push_back(std::move(*argument));
    }
    ++at_;
    return node;
  }

  const std::string_view text_;
  const std::vector<Token> tokens_;
  std::size_t at_ = 0;
};

// Null if all names are known; otherwise the first that is not.
const Node* find_unknown(const Node& node, const Environment& environment) {
  const bool is_known =
      contains(environment.functions, node.name) ||
      (node.kind == Node::Kind::kName && contains(environment.constants, node.name));
  const bool has_name = node.kind == Node::Kind::kName || node.kind == Node::Kind::kCall;
  if (has_name && !is_known) return &node;
  for (const Node& child : node.children) {
    if (const Node* unknown = find_unknown(child, environment)) return unknown;
  }
  return nullptr;
}

Result<Value> evaluate_node(const Node& node, std::string_view text,
                            const Environment& environment) {
  std::vector<Value> values;
  values.reserve(node.children.size());
  for (const Node& child : node.children) {
    auto value = evaluate_node(child, text, environment);
    if (!value) return value;
    values.push_back(std::move(*value));
  }
  switch (node.kind) {
    case Node::Kind::kLiteral: return node.literal;
    case Node::Kind::kName: {
      const bool is_function = contains(environment.functions, node.name);
      return Name{is_function ? std::string(kFunctionType) : environment.constant_type};
    }
    case Node::Kind::kCall: {
      auto value = environment.call(node.name, std::move(values));
      if (!value) return fail_at(text, node.at, value.error().message);
      return value;
    }
    case Node::Kind::kOperator:
      return fail_at(text, node.at, "the operator " + node.name + " is not part of a policy");
    case Node::Kind::kSign: break;
  }
  const bool is_negative = node.name == "-";
  if (const auto* whole = std::get_if<std::int64_t>(&values.front())) {
    return is_negative ? -*whole : *whole;
  }
  if (const auto* number = std::get_if<double>(&values.front())) {
    return is_negative ? -*number : *number;
  }
  return fail_at(
      text, node.at,
      "invalid operation: " + node.name + " (mismatched type " + type_of(values.front()) + ")");
}

}  // namespace

std::string type_of(const Value& value) {
  return std::visit(
      [](const auto& held) -> std::string {
        using Held = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<Held, std::monostate>) return "%!s(<nil>)";
        if constexpr (std::is_same_v<Held, bool>) return "bool";
        if constexpr (std::is_same_v<Held, std::int64_t>) return "int";
        if constexpr (std::is_same_v<Held, double>) return "float64";
        if constexpr (std::is_same_v<Held, std::string>) return "string";
        if constexpr (std::is_same_v<Held, common::SignaturePolicy>) {
          return "*common.SignaturePolicy";
        }
        if constexpr (std::is_same_v<Held, Name>) return held.type;
      },
      value);
}

Result<Value> evaluate(std::string_view text, const Environment& environment) {
  auto node = Parser(text, split(text)).parse();
  if (!node) return unexpected(node.error());
  if (const Node* unknown = find_unknown(*node, environment)) {
    return fail_at(text, unknown->at, "unknown name " + unknown->name);
  }
  return evaluate_node(*node, text, environment);
}

}  // namespace ccbus::ledger::expression
