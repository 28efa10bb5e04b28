#include "bindings/cpp/src/shim/log_line.h"

#include <catch2/catch.hpp>
#include <string>

using ccbus::shim::log_line;
using namespace std::string_literals;

TEST_CASE("a line of the log is one line, and commands no terminal", "[shim][row-215]") {
  CHECK(log_line("the function \"get\\x\"") == "the function \"get\\x\"");
  CHECK(log_line("a\nb\r\tc\0d\x7f"s) == "a\\x0ab\\x0d\\x09c\\x00d\\x7f");
  CHECK(log_line("\x1b[31mred") == "\\x1b[31mred");
  CHECK(log_line("\xc2\x9b"
                 "31m caf\xc3\xa9") == "\\xc2\\x9b31m caf\xc3\xa9");
  CHECK(log_line("\xff caf\xc3\xa9") == "\\xff caf\\xc3\\xa9");
  CHECK(log_line("").empty());
}
