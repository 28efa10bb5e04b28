#include "service/cli/terminal/live_screen.h"

#include <catch2/catch.hpp>
#include <sstream>

namespace ccbus::cli {
namespace {

TEST_CASE("on a terminal a text takes the place of the one before", "[cli]") {
  std::ostringstream out;
  LiveScreen screen(out, LiveScreen::Kind::kTerminal);
  screen.show("first, and long\nsecond\n", 24);
  out.str("");
  screen.show("third\n", 24);
  // Moves to the corner, and erases the rest of each line and everything below.
  CHECK(out.str() == "\033[Hthird\033[K\n\033[J");
}

TEST_CASE("a text with more lines than the terminal has is cut", "[cli]") {
  std::ostringstream out;
  LiveScreen screen(out, LiveScreen::Kind::kTerminal);
  out.str("");
  screen.show("1\n2\n3\n4\n", 3);
  CHECK(out.str() == "\033[H1\033[K\n2\033[K\n\033[J");
}

TEST_CASE("the cursor is hidden while the screen lives", "[cli]") {
  std::ostringstream out;
  {
    const LiveScreen screen(out, LiveScreen::Kind::kTerminal);
    CHECK(out.str().find("\033[?25l") != std::string::npos);
    CHECK(out.str().find("\033[?25h") == std::string::npos);
  }
  CHECK(out.str().ends_with("\033[?25h"));
}

TEST_CASE("elsewhere texts follow each other with an empty line between", "[cli]") {
  std::ostringstream out;
  {
    LiveScreen screen(out, LiveScreen::Kind::kPlain);
    screen.show("1\n2\n3\n", 2);
    screen.show("4\n", 2);
  }
  CHECK(out.str() == "1\n2\n3\n\n4\n");
}

}  // namespace
}  // namespace ccbus::cli
