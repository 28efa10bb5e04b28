#include "service/base/gojson/decode.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "service/base/gojson/number.h"
#include "service/base/gojson/utf8.h"

namespace ccbus::gojson {
namespace {

using Object = Value::object_t;
using Sequence = Object::Container;  // An object's members by position.

constexpr std::string_view kReplacement = "\xef\xbf\xbd";
constexpr std::uint32_t kNoRune = 0xffffffff;

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// A byte in the error's text, as Go quotes it.
std::string quoted(char c) {
  const auto byte = static_cast<unsigned char>(c);
  if (c == '\'') return R"('\'')";
  if (c == '\\') return R"('\\')";
  if (byte >= 0x20 && byte < 0x7f) return std::string("'") + c + "'";
  constexpr std::string_view kShort[] = {"\\a", "\\b", "\\t", "\\n", "\\v", "\\f", "\\r"};
  if (byte >= 0x07 && byte <= 0x0d) return "'" + std::string(kShort[byte - 0x07]) + "'";
  if (byte > 0xa0 && byte != 0xad) {
    std::string text = "'";
    append_rune(text, byte);
    return text + "'";
  }
  constexpr std::string_view kHexDigits = "0123456789abcdef";
  std::string text = byte >= 0x80 ? "'\\u00" : "'\\x";
  text += kHexDigits[byte >> 4];
  text += kHexDigits[byte & 0xf];
  return text + "'";
}

class Decoder {
 public:
  Decoder(std::string_view text, const Decoding& how, std::size_t depth_max)
      : text_(text), how_(how), depth_max_(depth_max) {}

  Result<Decoded> decode() {
    skip_space();
    if (at_ == text_.size()) return ended();
    if (auto read = value(); !read) return unexpected(read.error());
    while (!open_.empty()) {
      auto read = is_begun_ ? first() : is_array() ? next_item() : next_member();
      if (!read) return unexpected(read.error());
    }
    if (how_.rest == Rest::kRefused) {
      skip_space();
      if (at_ < text_.size()) return wrong("after top-level value");
    }
    if (too_large_) {
      return fail(ErrorCode::kInvalid, "json: cannot unmarshal number " + std::string(*too_large_) +
                                           " into Go value of type float64");
    }
    return std::move(decoded_);
  }

 private:
  unexpected<Error> wrong(const std::string& where) const {
    return fail(ErrorCode::kInvalid, "invalid character " + quoted(text_[at_]) + " " + where);
  }
  unexpected<Error> ended() const {
    if (how_.rest == Rest::kRefused) {
      return fail(ErrorCode::kInvalid, "unexpected end of JSON input");
    }
    const bool is_empty = std::all_of(text_.begin(), text_.end(), is_space);
    return fail(ErrorCode::kInvalid, is_empty ? "EOF" : "unexpected EOF");
  }

  void skip_space() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
  }
  [[nodiscard]] bool is_at(char c) const { return at_ < text_.size() && text_[at_] == c; }
  [[nodiscard]] bool is_array() const { return open_.back()->is_array(); }

  Value& place(Value&& value) {
    if (open_.empty()) return decoded_.value = std::move(value);
    Value& parent = *open_.back();
    if (parent.is_array()) {
      return parent.get_ref<Value::array_t&>().emplace_back(std::move(value));
    }
    return append(parent.get_ref<Object&>(), std::move(name_), std::move(value));
  }

  // A vector of members that grows by itself copies their values, because their names are const.
  static Value& append(Sequence& members, std::string&& name, Value&& value) {
    if (members.size() == members.capacity()) {
      Sequence larger;
      larger.reserve(2 * members.size() + 1);
      for (auto& member : members) larger.emplace_back(member.first, std::move(member.second));
      members.swap(larger);
    }
    return members.emplace_back(std::move(name), std::move(value)).second;
  }

  Result<void> value() {
    const char c = text_[at_];
    switch (c) {
      case '{': return begin(Value::object());
      case '[': return begin(Value::array());
      case 't': return literal("true", true);
      case 'f': return literal("false", false);
      case 'n': return literal("null", nullptr);
      case '"': {
        std::string read;
        if (auto done = string(read); !done) return done;
        place(std::move(read));
        return {};
      }
      default: break;
    }
    if (c == '-' || is_digit(c)) return number();
    return wrong("looking for beginning of value");
  }

  Result<void> begin(Value&& container) {
    if (open_.size() == depth_max_) return fail(ErrorCode::kExhausted, "exceeded max depth");
    ++at_;
    open_.push_back(&place(std::move(container)));
    is_begun_ = true;
    return {};
  }

  // What follows the bracket that has just begun a container.
  Result<void> first() {
    is_begun_ = false;
    skip_space();
    if (is_at(is_array() ? ']' : '}')) return close();
    return is_array() ? item() : member();
  }

  Result<void> close() {
    ++at_;
    if (!is_array() && how_.members == Members::kSorted) sort(open_.back()->get_ref<Object&>());
    open_.pop_back();
    return {};
  }

  // By bytes; of the members with one name the last one stays.
  static void sort(Sequence& members) {
    const auto by_name = [](const auto& a, const auto& b) { return a->first < b->first; };
    const auto not_above = [](const auto& a, const auto& b) { return a.first >= b.first; };
    if (std::adjacent_find(members.begin(), members.end(), not_above) == members.end()) return;
    std::vector<Sequence::value_type*> order;
    for (auto& member : members) order.push_back(&member);
    std::stable_sort(order.begin(), order.end(), by_name);
    Sequence sorted;
    sorted.reserve(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
      if (i + 1 < order.size() && order[i]->first == order[i + 1]->first) continue;
      sorted.emplace_back(order[i]->first, std::move(order[i]->second));
    }
    members.swap(sorted);
  }

  Result<void> item() {
    skip_space();
    if (at_ == text_.size()) return ended();
    return value();
  }

  Result<void> member() {
    skip_space();
    if (at_ == text_.size()) return ended();
    if (text_[at_] != '"') return wrong("looking for beginning of object key string");
    std::string name;
    if (auto done = string(name); !done) return done;
    skip_space();
    if (at_ == text_.size()) return ended();
    if (text_[at_] != ':') return wrong("after object key");
    ++at_;
    name_ = std::move(name);
    return item();
  }

  Result<void> next_item() {
    skip_space();
    if (at_ == text_.size()) return ended();
    if (text_[at_] == ']') return close();
    if (text_[at_] != ',') return wrong("after array element");
    ++at_;
    return item();
  }

  Result<void> next_member() {
    skip_space();
    if (at_ == text_.size()) return ended();
    if (text_[at_] == '}') return close();
    if (text_[at_] != ',') return wrong("after object key:value pair");
    ++at_;
    return member();
  }

  Result<void> literal(std::string_view word, Value&& value) {
    for (std::size_t i = 0; i < word.size(); ++i, ++at_) {
      if (at_ == text_.size()) return ended();
      if (text_[at_] != word[i]) {
        return wrong("in literal " + std::string(word) + " (expecting '" + word[i] + "')");
      }
    }
    place(std::move(value));
    return {};
  }

  Result<void> digits(const std::string& where) {
    if (at_ == text_.size()) return ended();
    if (!is_digit(text_[at_])) return wrong(where);
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    return {};
  }

  Result<void> number() {
    const std::size_t start = at_;
    if (is_at('-')) ++at_;
    if (is_at('0')) {
      ++at_;
    } else if (auto read = digits("in numeric literal"); !read) {
      return read;
    }
    if (is_at('.')) {
      ++at_;
      if (auto read = digits("after decimal point in numeric literal"); !read) return read;
    }
    if (is_at('e') || is_at('E')) {
      ++at_;
      if (is_at('+') || is_at('-')) ++at_;
      if (auto read = digits("in exponent of numeric literal"); !read) return read;
    }
    const std::string_view text = text_.substr(start, at_ - start);
    auto parsed =
        how_.numbers == Numbers::kAsFloat64 ? number_as_float64(text) : number_as_written(text);
    // Go reads on, and an error of the grammar comes first.
    if (!parsed && !too_large_) too_large_ = text;
    place(parsed ? std::move(*parsed) : Value());
    return {};
  }

  Result<void> string(std::string& out) {
    ++at_;
    for (;;) {
      const std::size_t start = at_;
      while (at_ < text_.size() && is_plain(text_[at_])) ++at_;
      out.append(text_.substr(start, at_ - start));
      if (at_ == text_.size()) return ended();
      const char c = text_[at_];
      if (c == '"') {
        ++at_;
        return {};
      }
      if (c == '\\') {
        if (auto read = escape(out); !read) return read;
      } else if (static_cast<unsigned char>(c) < 0x20) {
        return wrong("in string literal");
      } else if (const std::size_t size = utf8_size(text_.substr(at_)); size > 0) {
        out.append(text_.substr(at_, size));
        at_ += size;
      } else {
        replace(out);
        ++at_;
      }
    }
  }

  static bool is_plain(char c) { return c >= 0x20 && c != '"' && c != '\\' && c != 0x7f; }

  void replace(std::string& out) {
    out += kReplacement;
    decoded_.has_replacements = true;
  }

  Result<void> escape(std::string& out) {
    constexpr std::string_view kNames = "\"\\/bfnrt";
    constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
    ++at_;
    if (at_ == text_.size()) return ended();
    if (const std::size_t found = kNames.find(text_[at_]); found != std::string_view::npos) {
      out += kMeanings[found];
      ++at_;
      return {};
    }
    if (text_[at_] != 'u') return wrong("in string escape code");
    ++at_;
    for (std::size_t i = 0; i < 4; ++i, ++at_) {
      if (at_ == text_.size()) return ended();
      if (hex_digit(text_[at_]) < 0) return wrong("in \\u hexadecimal character escape");
    }
    const std::uint32_t unit = unit_at(at_ - 4);
    if (unit < 0xd800 || unit > 0xdfff) {
      append_rune(out, unit);
      return {};
    }
    const std::uint32_t low = text_.substr(at_, 2) == "\\u" ? unit_at(at_ + 2) : kNoRune;
    if (unit < 0xdc00 && low >= 0xdc00 && low <= 0xdfff) {
      append_rune(out, 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00));
      at_ += 6;
    } else {
      replace(out);
    }
    return {};
  }

  static int hex_digit(char c) {
    if (is_digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
  }

  // The four hexadecimal digits there, or kNoRune.
  [[nodiscard]] std::uint32_t unit_at(std::size_t at) const {
    const std::string_view four = text_.substr(std::min(at, text_.size()), 4);
    if (four.size() < 4) return kNoRune;
    std::uint32_t unit = 0;
    for (const char c : four) {
      if (hex_digit(c) < 0) return kNoRune;
      unit = unit << 4 | static_cast<std::uint32_t>(hex_digit(c));
    }
    return unit;
  }

  const std::string_view text_;
  const Decoding how_;
  const std::size_t depth_max_;
  std::size_t at_ = 0;
  Decoded decoded_;
  std::vector<Value*> open_;  // A container grows only at its end, where nothing is open below it.
  bool is_begun_ = false;     // Nothing of the innermost container has been read.
  std::string name_;          // Of the member whose value comes next.
  std::optional<std::string_view> too_large_;
};

}  // namespace

Result<Decoded> decode(std::string_view text, const Decoding& how, std::size_t depth_max) {
  return Decoder(text, how, depth_max).decode();
}

}  // namespace ccbus::gojson
