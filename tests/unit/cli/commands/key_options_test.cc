#include "service/cli/commands/key_options.h"

#include <CLI/CLI.hpp>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

using namespace ccbus::cli;
using namespace std::string_literals;

namespace {

// Parses what a user types behind the command.
template <class Options>
Options typed(std::vector<std::string> words) {
  CLI::App app;
  Options options;
  options.add_to(app);
  app.parse(std::vector<std::string>(words.rbegin(), words.rend()));
  return options;
}

}  // namespace

TEST_CASE("a key is typed as it is, or as the parts of a composite one", "[cli]") {
  CHECK(*typed<KeyOptions>({"a1"}).key() == "a1");
  CHECK(*typed<KeyOptions>({"--composite", "color~name", "blue", "a1"}).key() ==
        "\0color~name\0blue\0a1\0"s);
  CHECK(*typed<KeyOptions>({"--composite", "color~name", ""}).key() == "\0color~name\0\0"s);
  CHECK(typed<KeyOptions>({}).key().error().message == "a key or --composite is required");
  CHECK_THROWS_AS(typed<KeyOptions>({"a1", "--composite", "t"}), CLI::ParseError);
}

TEST_CASE("the parts of a composite key have the rules of the stub", "[cli]") {
  const auto key = typed<KeyOptions>({"--composite", "type", "\xf4\x8f\xbf\xbf"}).key();
  REQUIRE_FALSE(key);
  CHECK_THAT(key.error().message, Catch::Contains("--composite: ") && Catch::Contains("U+10FFFF"));
  CHECK_FALSE(typed<RangeOptions>({"--composite", "\xff"}).range());
}

TEST_CASE("a range of composite keys is that of Fabric's partial composite key", "[cli][row-209]") {
  const auto range = typed<RangeOptions>({"--composite", "color~name", "blue"}).range();
  CHECK(range->start == "\0color~name\0blue\0"s);
  CHECK(range->end == "\0color~name\0blue\0\xf4\x8f\xbf\xbf"s);
  const auto simple = typed<RangeOptions>({"--start", "a", "--end", "b"}).range();
  CHECK(simple->start == "a");
  CHECK(simple->end == "b");
}

TEST_CASE("a bookmark is passed back as text or in base64", "[cli]") {
  CHECK(*typed<BookmarkOptions>({"--bookmark", "a 1"}).bookmark() == "a 1");
  CHECK(*typed<BookmarkOptions>({"--bookmark-base64", "AGEA"}).bookmark() == "\0a\0"s);
  CHECK(typed<BookmarkOptions>({"--bookmark-base64", "no!"}).bookmark().error().message ==
        "--bookmark-base64: not base64");
  CHECK(typed<BookmarkOptions>({}).bookmark()->empty());
}
