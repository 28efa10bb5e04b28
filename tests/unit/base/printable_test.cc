#include "service/base/printable.h"

#include <catch2/catch.hpp>

namespace ccbus {
namespace {

TEST_CASE("plain text, in any language, stays as it is", "[base]") {
  const std::string text =
      GENERATE("", "a", "peer.refused endpoint=clients",
               "\u00fcber \u65e5\u672c\u8a9e \U0001f600 \u00a0", "C:\\temp \"x\"");
  CHECK(printable(text) == text);
  CHECK(printable_prefix(text) == text.size());
}

TEST_CASE("what ends a line or commands a terminal is written as an escape", "[base]") {
  CHECK(printable("a\nb\r\tc") == "a\\nb\\r\\tc");
  CHECK(printable("\x1b[2J\x1b]0;title\x07") == "\\x1b[2J\\x1b]0;title\\x07");
  CHECK(printable(std::string_view("a\0b\x7f", 4)) == "a\\x00b\\x7f");
  CHECK(printable("\u0085\u009b2J") == "\\u{85}\\u{9b}2J");  // C1: next line, CSI.
  CHECK(printable("a\u2028b\u2029c") == "a\\u{2028}b\\u{2029}c");
  CHECK(printable("\u202etxt.exe\u2066") == "\\u{202e}txt.exe\\u{2066}");
}

TEST_CASE("a control character is found at every place of a word", "[base]") {
  for (std::size_t at = 0; at < 24; ++at) {
    for (const char bad : {'\n', '\x1b', '\x7f', '\x1f', '\0', '\x80', '\xff'}) {
      std::string text(24, '~');
      text[at] = bad;
      CAPTURE(at, static_cast<int>(bad));
      CHECK(printable_prefix(text) == at);
      text.assign(24, ' ');
      text[at] = bad;
      CHECK(printable_prefix(text) == at);
    }
  }
}

TEST_CASE("bytes that are not UTF-8 are written in hexadecimal digits, one by one", "[base]") {
  CHECK(printable("\xff") == "\\xff");
  CHECK(printable("a\xc3") == "a\\xc3");                           // Cut short.
  CHECK(printable("\xc0\x8a") == "\\xc0\\x8a");                    // A line end in too long a form.
  CHECK(printable("\xed\xa0\x80") == "\\xed\\xa0\\x80");           // A surrogate.
  CHECK(printable("\xf4\x90\x80\x80") == "\\xf4\\x90\\x80\\x80");  // Beyond U+10FFFF.
  CHECK(printable("\xe2\x82z") == "\\xe2\\x82z");
}

TEST_CASE("a long text is cut between two characters, and its size is told", "[base]") {
  CHECK(printable(std::string(1 << 20, 'x'), 3) == "xxx... (1048576 bytes)");
  CHECK(printable("abc", 3) == "abc");
  CHECK(printable("ab\u20ac", 4) == "ab... (5 bytes)");
  CHECK(printable("a\n\n", 4) == "a\\n... (3 bytes)");
  CHECK(printable(std::string(1 << 20, '\n'), 1'000).size() < 1'100);
}

}  // namespace
}  // namespace ccbus
