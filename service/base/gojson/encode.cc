#include "service/base/gojson/encode.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "service/base/gojson/number.h"
#include "service/base/gojson/walk.h"

namespace ccbus::gojson {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";

void append_escape(std::string& out, unsigned char byte) {
  switch (byte) {
    case '"':
    case '\\': (out += '\\') += static_cast<char>(byte); return;
    case '\b': out += "\\b"; return;
    case '\f': out += "\\f"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  out += "\\u00";
  out += kHexDigits[byte >> 4];
  out += kHexDigits[byte & 0xf];
}

bool needs_escape(unsigned char byte) {
  return byte < 0x20 || byte == '"' || byte == '\\' || byte == '<' || byte == '>' || byte == '&';
}

// With an exponent below 1e-6 and from 1e21 on, and no leading zero in it.
void append_float(std::string& out, double value) {
  const double magnitude = std::fabs(value);
  const bool has_exponent = magnitude != 0 && (magnitude < 1e-6 || magnitude >= 1e21);
  std::array<char, 400> text{};
  const auto written =
      std::to_chars(text.data(), text.data() + text.size(), value,
                    has_exponent ? std::chars_format::scientific : std::chars_format::fixed);
  out.append(text.data(), written.ptr);
  const std::size_t size = out.size();
  if (has_exponent && out[size - 4] == 'e' && out[size - 2] == '0') out.erase(size - 2, 1);
}

template <class Int>
void append_integer(std::string& out, Int value) {
  std::array<char, 24> text{};
  const auto written = std::to_chars(text.data(), text.data() + text.size(), value);
  out.append(text.data(), written.ptr);
}

void append_number(std::string& out, const Value& value) {
  if (value.is_binary()) {
    out.append(value.get_binary().begin(), value.get_binary().end());
  } else if (value.is_number_unsigned()) {
    append_integer(out, value.get<std::uint64_t>());
  } else if (value.is_number_integer()) {
    append_integer(out, value.get<std::int64_t>());
  } else {
    append_float(out, value.get<double>());
  }
}

void append_beginning(std::string& out, const Value& value) {
  if (value.is_structured()) {
    out += value.is_array() ? '[' : '{';
  } else if (value.is_string()) {
    append_encoded_string(out, value.get_ref<const std::string&>());
  } else if (value.is_boolean()) {
    out += value.get<bool>() ? "true" : "false";
  } else if (is_number(value)) {
    append_number(out, value);
  } else {
    out += "null";
  }
}

}  // namespace

void append_encoded_string(std::string& out, std::string_view text) {
  out += '"';
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (needs_escape(byte)) {
      append_escape(out, byte);
    } else if (text.substr(i, 3) == "\xe2\x80\xa8" || text.substr(i, 3) == "\xe2\x80\xa9") {
      out += text[i + 2] == '\xa8' ? "\\u2028" : "\\u2029";
      i += 2;
    } else {
      out += text[i];
    }
  }
  out += '"';
}

void append_encoded(std::string& out, const Value& value) {
  const auto begin = [&out](const Value& one, const Place& place) {
    if (place.position > 0) out += ',';
    if (place.name != nullptr) {
      append_encoded_string(out, *place.name);
      out += ':';
    }
    append_beginning(out, one);
  };
  walk(value, begin, [&out](const Value& container) { out += container.is_array() ? ']' : '}'; });
}

std::string encode(const Value& value) {
  std::string text;
  append_encoded(text, value);
  return text;
}

}  // namespace ccbus::gojson
