#include "service/ledger/policy/expression_lexer.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>

namespace ccbus::ledger::expression {
namespace {

constexpr std::array<std::string_view, 7> kBinaryWords{
    "in", "or", "and", "matches", "contains", "startsWith", "endsWith"};
constexpr std::array<std::string_view, 17> kBinarySigns{
    "||", "&&", "==", "!=", "<", ">", ">=", "<=", "..", "+", "-", "*", "/", "%", "**", "^", "??"};

template <std::size_t kSize>
bool is_one_of(const std::array<std::string_view, kSize>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}
bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// What is not ASCII counts as a letter; see is_symbol().
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80U;
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !is_continuation(c); }));
}

void append_utf8(std::string& out, std::uint32_t rune) {
  if (rune < 0x80) {
    out += static_cast<char>(rune);
    return;
  }
  if (rune < 0x800) {
    out += static_cast<char>(0xC0U | (rune >> 6U));
  } else if (rune < 0x10000) {
    out += static_cast<char>(0xE0U | (rune >> 12U));
    out += static_cast<char>(0x80U | ((rune >> 6U) & 0x3FU));
  } else {
    out += static_cast<char>(0xF0U | (rune >> 18U));
    out += static_cast<char>(0x80U | ((rune >> 12U) & 0x3FU));
    out += static_cast<char>(0x80U | ((rune >> 6U) & 0x3FU));
  }
  out += static_cast<char>(0x80U | (rune & 0x3FU));
}

struct Rune {
  std::uint32_t code = 0;
  std::size_t bytes = 1;
};

// The first character of a text that is not empty. Of bytes that are no UTF-8: the first byte.
Rune first_rune(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t bytes = lead >= 0xF0U ? 4 : lead >= 0xE0U ? 3 : lead >= 0xC0U ? 2 : 1;
  if (bytes == 1 || bytes > text.size()) return {lead, 1};
  Rune rune{lead & (0xFFU >> (bytes + 1)), bytes};
  for (std::size_t i = 1; i < bytes; ++i) {
    if (!is_continuation(text[i])) return {lead, 1};
    rune.code = rune.code << 6U | (static_cast<unsigned char>(text[i]) & 0x3FU);
  }
  return rune;
}

// Punctuation as a word processor makes it, and pictures: no letters.
bool is_symbol(const Rune& rune) {
  return (rune.code >= 0x2000 && rune.code < 0x2070) || rune.code >= 0x1F000;
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  std::vector<Token> split() {
    if (auto taken = take_all(); !taken) {
      tokens_.push_back({TokenKind::kBad, std::move(taken.error().message), at_});
      return std::move(tokens_);
    }
    std::size_t last = text_.empty() ? 0 : text_.size() - 1;
    while (last > 0 && is_continuation(text_[last])) --last;
    tokens_.push_back({TokenKind::kEnd, "", last});
    return std::move(tokens_);
  }

 private:
  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool accept(std::string_view any_of) {
    if (at_ == text_.size() || any_of.find(text_[at_]) == std::string_view::npos) return false;
    ++at_;
    return true;
  }
  void add(TokenKind kind, std::size_t start) {
    tokens_.push_back({kind, std::string(text_.substr(start, at_ - start)), start});
  }

  Result<void> take_all() {
    for (;;) {
      if (auto skipped = skip(); !skipped) return skipped;
      if (at_ == text_.size()) return {};
      if (auto taken = take(); !taken) return taken;
    }
  }

  // Spaces and comments.
  Result<void> skip() {
    for (;;) {
      while (at_ < text_.size() && is_space(text_[at_])) ++at_;
      if (text_.substr(at_, 2) == "//") {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (text_.substr(at_, 2) == "/*") {
        const std::size_t end = text_.find("*/", at_ + 2);
        if (end == std::string_view::npos) {
          return fail_at(text_, text_.size(), "unclosed comment");
        }
        at_ = end + 2;
      } else {
        return {};
      }
    }
  }

  Result<void> take() {
    const std::size_t start = at_;
    const char c = text_[at_];
    if (c == '\'' || c == '"') return take_string(c);
    if (c == '`') return take_raw_string();
    if (is_digit(c) || (c == '.' && start + 1 < text_.size() && is_digit(text_[start + 1]))) {
      return take_number();
    }
    if (is_symbol(first_rune(text_.substr(start)))) return fail_unrecognized(start);
    if (is_letter(c)) {
      while (at_ < text_.size() && (is_letter(text_[at_]) || is_digit(text_[at_]))) ++at_;
      add(TokenKind::kIdentifier, start);
      return {};
    }
    ++at_;
    if (std::string_view("()[]{}").find(c) != std::string_view::npos) {
      add(TokenKind::kBracket, start);
      return {};
    }
    if (c == '|' || c == ':' || c == '.') {
      accept(std::string_view(&c, 1));
    } else if (c == '?') {
      accept(".?");
    } else if (std::string_view("&!=*<>").find(c) != std::string_view::npos) {
      accept("&=*");
    } else if (std::string_view(",;%+-^/#").find(c) == std::string_view::npos) {
      return fail_unrecognized(start);
    }
    add(TokenKind::kOperator, start);
    return {};
  }

  unexpected<Error> fail_unrecognized(std::size_t at) const {
    const Rune rune = first_rune(text_.substr(at));
    std::string digits;
    for (std::uint32_t rest = rune.code; rest != 0 || digits.size() < 4; rest >>= 4U) {
      digits.insert(digits.begin(), "0123456789ABCDEF"[rest & 0xFU]);
    }
    const bool is_printable = rune.code > ' ' && rune.code != 0x7F;
    return fail_at(
        text_, at,
        "unrecognized character: U+" + digits +
            (is_printable ? " '" + std::string(text_.substr(at, rune.bytes)) + "'" : ""));
  }

  Result<void> take_number() {
    const std::size_t start = at_;
    while (is_digit(peek())) ++at_;
    if (peek() == '.' && text_.substr(at_, 2) != "..") {
      ++at_;
      while (is_digit(peek())) ++at_;
    }
    if (accept("eE")) {
      accept("+-");
      while (is_digit(peek())) ++at_;
    }
    if (is_letter(peek())) {
      const std::size_t next = first_rune(text_.substr(at_)).bytes;
      const std::string word(text_.substr(start, at_ + next - start));
      return fail_at(text_, at_, "bad number syntax: \"" + word + "\"");
    }
    add(TokenKind::kNumber, start);
    return {};
  }

  Result<void> take_raw_string() {
    const std::size_t start = at_++;
    std::string value;
    for (;;) {
      const std::size_t end = text_.find('`', at_);
      if (end == std::string_view::npos) {
        return fail_at(text_, text_.size(), "literal not terminated");
      }
      value += text_.substr(at_, end - at_);
      at_ = end + 1;
      if (peek() != '`') break;
      value += '`';  // Two of them stand for one.
      ++at_;
    }
    tokens_.push_back({TokenKind::kString, std::move(value), start});
    return {};
  }

  Result<void> take_string(char quote) {
    const std::size_t start = at_++;
    std::string value;
    for (;;) {
      if (at_ == text_.size() || text_[at_] == '\n') {
        return fail_at(text_, at_, "literal not terminated");
      }
      const char c = text_[at_++];
      if (c == quote) break;
      if (c != '\\') {
        value += c;
      } else if (!take_escape(quote, value)) {
        return fail_at(text_, at_, "invalid char escape");
      }
    }
    tokens_.push_back({TokenKind::kString, std::move(value), start});
    return {};
  }

  // The digits of an escape, or nullopt if there are fewer; then they are not taken.
  std::optional<std::uint32_t> take_digits(std::size_t count, std::uint32_t base) {
    std::uint32_t rune = 0;
    for (std::size_t i = 0; i < count; ++i) {
      constexpr std::string_view kDigits = "0123456789abcdef";
      const char c = at_ + i < text_.size() ? text_[at_ + i] : ' ';
      const std::size_t digit = kDigits.find(c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c);
      if (digit >= base) return std::nullopt;
      rune = rune * base + static_cast<std::uint32_t>(digit);
    }
    at_ += count;
    return rune;
  }

  bool take_escape(char quote, std::string& value) {
    constexpr std::string_view kSimple = "abfnrtv\\";
    constexpr std::string_view kMeaning = "\a\b\f\n\r\t\v\\";
    const char c = peek();
    if (c == quote) return value += quote, ++at_, true;
    if (const std::size_t simple = kSimple.find(c); c != '\0' && simple != std::string_view::npos) {
      return value += kMeaning[simple], ++at_, true;
    }
    std::optional<std::uint32_t> rune;
    if (c >= '0' && c <= '3') {
      rune = take_digits(3, 8);
    } else if (c == 'x' || c == 'u' || c == 'U') {
      ++at_;
      rune = take_digits(c == 'x' ? 2 : c == 'u' ? 4 : 8, 16);
    }
    if (!rune || *rune > 0x10FFFF) return false;
    append_utf8(value, *rune);
    return true;
  }

  const std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Token> tokens_;
};

}  // namespace

std::vector<Token> split(std::string_view text) {
  return Lexer(text).split();
}

std::string describe(const Token& token) {
  const bool is_word_operator = token.kind == TokenKind::kIdentifier &&
                                (is_one_of(kBinaryWords, token.text) || token.text == "not" ||
                                 token.text == "let" || token.text == "if" || token.text == "else");
  std::string kind;
  switch (token.kind) {
    case TokenKind::kIdentifier: kind = is_word_operator ? "Operator" : "Identifier"; break;
    case TokenKind::kNumber: kind = "Number"; break;
    case TokenKind::kString: kind = "String"; break;
    case TokenKind::kOperator: kind = "Operator"; break;
    case TokenKind::kBracket: kind = "Bracket"; break;
    case TokenKind::kBad: return token.text;
    case TokenKind::kEnd: return "EOF";
  }
  return token.text.empty() ? kind : kind + "(\"" + token.text + "\")";
}

bool is_binary_operator(const Token& token) {
  if (token.kind == TokenKind::kIdentifier) return is_one_of(kBinaryWords, token.text);
  return token.kind == TokenKind::kOperator && is_one_of(kBinarySigns, token.text);
}

unexpected<Error> fail_at(std::string_view text, std::size_t at, const std::string& message) {
  const std::string_view before = text.substr(0, at);
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0.
  const std::size_t line_end = std::min(text.find('\n', line_start), text.size());
  std::string line(text.substr(line_start, line_end - line_start));
  if (line.empty()) return fail(ErrorCode::kInvalid, message);
  std::replace(line.begin(), line.end(), '\t', ' ');
  const auto number = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t column = characters(before.substr(line_start));
  return fail(ErrorCode::kInvalid, message + " (" + std::to_string(number) + ":" +
                                       std::to_string(column + 1) + ")\n | " + line + "\n | " +
                                       std::string(column, '.') + "^");
}

}  // namespace ccbus::ledger::expression
