#include "service/cli/terminal/printable_stream.h"

#include <catch2/catch.hpp>
#include <sstream>

#include "service/cli/terminal/live_screen.h"
#include "service/cli/terminal/table.h"

namespace ccbus::cli {
namespace {

TEST_CASE("what was sent reaches a printable stream without commands", "[cli][issue-13][row-215]") {
  std::ostringstream out;
  {
    const PrintableStream safe(out);
    out << "first\tline\nsecond \x1b[2J\xff" << 'x' << "\n"
        << "\u00fcber\u009b2J \r\n";
  }
  CHECK(out.str() == "first\tline\nsecond \\x1b[2J\\xffx\n\u00fcber\\u{9b}2J \\r\n");
  out << "\x1b";
  CHECK(out.str().ends_with("\x1b"));  // As before.
}

TEST_CASE("a character that is written in two parts is whole", "[cli][issue-13]") {
  std::ostringstream out;
  {
    const PrintableStream safe(out);
    out << "\xe2\x82"
        << "\xac|\n\xe2"
        << "\x82\xac";
  }
  CHECK(out.str() == "\u20ac|\n\u20ac");
}

TEST_CASE("a flush passes on what is there", "[cli][issue-13]") {
  std::ostringstream out;
  std::streambuf* const sink = out.rdbuf();
  const PrintableStream safe(out);
  out << "a\x07" << std::flush;
  CHECK(static_cast<std::stringbuf*>(sink)->str() == "a\\x07");
}

TEST_CASE("our own screen works on a printable stream, its text is harmless", "[cli][issue-13]") {
  std::ostringstream out;
  {
    const PrintableStream safe(out);
    LiveScreen screen(out, LiveScreen::Kind::kTerminal);
    screen.show("chaincode \x1b]0;x\x07\n", 24);
  }
  CHECK_THAT(out.str(), Catch::Contains("\x1b[Hchaincode \\x1b]0;x\\x07\x1b[K\n\x1b[J"));
}

TEST_CASE("a cell of a table makes no row", "[cli][issue-13]") {
  CHECK(format_table({{"NAME", "N"}, {"a\nb\x1b", "1"}}) == "NAME      N\na\\nb\\x1b  1\n");
}

}  // namespace
}  // namespace ccbus::cli
