#include "tests/wire/session.h"

#include <cctype>
#include <cstdint>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace ccbus::test {
namespace {

std::string at_line(int line, const std::string& what) {
  return "line " + std::to_string(line) + ": " + what;
}

std::string hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string digits;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    digits += kDigits[byte >> 4];
    digits += kDigits[byte & 15];
  }
  return digits;
}

std::string trimmed(std::string_view text) {
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  return std::string(text);
}

// `{name:64}` or `{name:*}`, without the braces.
Piece read_placeholder(const std::string& text, int line) {
  const auto colon = text.find(':');
  if (colon == std::string::npos || colon == 0 || colon + 1 == text.size()) {
    throw std::runtime_error(at_line(line, "'{" + text + "}' is no {name:size}"));
  }
  const std::string size = text.substr(colon + 1);
  if (size == "*") return {Piece::Kind::kSizedValue, {}, text.substr(0, colon), 0, line};
  if (size.find_first_not_of("0123456789") != std::string::npos) {
    throw std::runtime_error(at_line(line, "'" + size + "' is no number of bytes"));
  }
  return {Piece::Kind::kValue, {}, text.substr(0, colon), std::stoul(size), line};
}

// The digits and placeholders of one line.
void read_pieces(const std::string& text, int line, std::vector<Piece>& pieces) {
  std::string digits;
  const auto take_digits = [&] {
    if (digits.size() % 2 != 0) throw std::runtime_error(at_line(line, "half a byte"));
    std::string bytes;
    for (std::size_t i = 0; i < digits.size(); i += 2) {
      bytes += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
    }
    if (!bytes.empty()) pieces.push_back({Piece::Kind::kBytes, std::move(bytes), {}, 0, line});
    digits.clear();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == ' ') continue;
    if (text[i] == '{') {
      const auto end = text.find('}', i);
      if (end == std::string::npos) throw std::runtime_error(at_line(line, "'{' without '}'"));
      take_digits();
      pieces.push_back(read_placeholder(text.substr(i + 1, end - i - 1), line));
      i = end;
    } else if (std::isxdigit(static_cast<unsigned char>(text[i])) != 0) {
      digits += text[i];
    } else {
      throw std::runtime_error(at_line(line, "'" + text + "' is neither digits nor {name:size}"));
    }
  }
  take_digits();
}

// The part of a received frame that has not been compared yet.
class Rest {
 public:
  explicit Rest(std::string_view bytes) : bytes_(bytes) {}

  std::optional<std::string_view> take(std::size_t size) {
    if (size > bytes_.size()) return std::nullopt;
    const std::string_view taken = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return taken;
  }

  std::optional<std::string_view> take_sized() {
    std::uint64_t size = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      const auto byte = take(1);
      if (!byte) return std::nullopt;
      const auto value = static_cast<unsigned char>(byte->front());
      size |= std::uint64_t{value & 0x7fu} << shift;
      if (value < 0x80) return take(size);
    }
    return std::nullopt;
  }

  [[nodiscard]] std::string_view all() const { return bytes_; }

 private:
  std::string_view bytes_;
};

std::optional<std::string> difference_of_value(const Piece& piece, Rest& rest,
                                               NamedValues& values) {
  const bool sized = piece.kind == Piece::Kind::kSizedValue;
  const auto found = sized ? rest.take_sized() : rest.take(piece.size);
  if (!found) {
    return at_line(piece.line, "the frame ends within {" + piece.name + "}");
  }
  const auto [known, is_new] = values.try_emplace(piece.name, *found);
  if (is_new || known->second == *found) return std::nullopt;
  return at_line(piece.line, "{" + piece.name + "} was " + hex(known->second) + " before, and is " +
                                 hex(*found) + " here");
}

}  // namespace

std::vector<SessionFrame> read_session(std::istream& document) {
  std::vector<SessionFrame> frames;
  bool in_session = false;
  std::string text;
  for (int line = 1; std::getline(document, text); ++line) {
    if (text.starts_with("```")) {
      in_session = text == "```hex session";
      continue;
    }
    text = trimmed(text.substr(0, text.find('|')));
    if (!in_session || text.empty()) continue;
    if (const auto arrow = text.find("->"); arrow != std::string::npos) {
      frames.push_back({trimmed(text.substr(0, arrow)), trimmed(text.substr(arrow + 2)), line, {}});
    } else if (frames.empty()) {
      throw std::runtime_error(at_line(line, "bytes before the first 'a -> b'"));
    } else if (text != "(empty)") {
      read_pieces(text, line, frames.back().pieces);
    }
  }
  return frames;
}

std::string encode(const SessionFrame& frame, const NamedValues& values) {
  std::string bytes;
  for (const Piece& piece : frame.pieces) {
    if (piece.kind == Piece::Kind::kBytes) {
      bytes += piece.bytes;
      continue;
    }
    const auto known = values.find(piece.name);
    if (piece.kind == Piece::Kind::kSizedValue || known == values.end()) {
      throw std::runtime_error(at_line(piece.line, "{" + piece.name + "} cannot be sent"));
    }
    bytes += known->second;
  }
  return bytes;
}

std::optional<std::string> difference(const SessionFrame& frame, const std::string& received,
                                      NamedValues& values) {
  Rest rest(received);
  for (const Piece& piece : frame.pieces) {
    if (piece.kind != Piece::Kind::kBytes) {
      if (auto different = difference_of_value(piece, rest, values)) return different;
      continue;
    }
    const std::string_view before = rest.all();
    if (rest.take(piece.bytes.size()) != piece.bytes) {
      return at_line(piece.line, "the document has " + hex(piece.bytes) + ", and " + frame.from +
                                     " sent " + hex(before.substr(0, piece.bytes.size())));
    }
  }
  if (rest.all().empty()) return std::nullopt;
  const int last = frame.pieces.empty() ? frame.line : frame.pieces.back().line;
  return at_line(last, frame.from + " sent " + std::to_string(rest.all().size()) +
                           " bytes more than the document has: " + hex(rest.all()));
}

}  // namespace ccbus::test
