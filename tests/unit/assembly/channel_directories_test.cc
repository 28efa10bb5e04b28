#include "service/assembly/channel_directories.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <string>

#include "tests/support/process.h"

namespace ccbus::test {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kNameBytesMax = 255;

struct Disk {
  explicit Disk(const std::vector<std::string>& names) {
    for (const std::string& name : names) fs::create_directories(path(name));
  }

  fs::path path(const std::string& name) const { return directory.path() / "channels" / name; }
  ChannelDirectories look() const { return {directory.path(), kNameBytesMax}; }

  const TemporaryDirectory directory;
};

TEST_CASE("a channel's ledger is in a directory of its name, until it is reset", "[service]") {
  const Disk disk({"first"});
  ChannelDirectories directories = disk.look();
  CHECK(directories.found() == std::vector<ChannelId>{{"first"}});
  CHECK(directories.current({"first"}) == disk.path("first"));
  CHECK(directories.next({"first"}) == disk.path("first~1"));
  CHECK(directories.current({"new"}) == disk.path("new"));
  fs::create_directories(disk.path("first~1"));
  REQUIRE(directories.advance({"first"}).has_value());
  CHECK_FALSE(fs::exists(disk.path("first")));
  CHECK(directories.current({"first"}) == disk.path("first~1"));
  CHECK(directories.next({"first"}) == disk.path("first~2"));
  CHECK(disk.look().current({"first"}) == disk.path("first~1"));
}

TEST_CASE("the last reset counts; replaced and incomplete directories are removed", "[service]") {
  const Disk disk({"a", "a~10", "a~9", "a~11~partial", "b~partial", "c.partial", ".hidden", "Not"});
  const ChannelDirectories directories = disk.look();
  CHECK(directories.found() == std::vector<ChannelId>{{"a"}, {"c.partial"}});
  CHECK(directories.current({"a"}) == disk.path("a~10"));
  directories.remove_leftovers();
  for (const char* gone : {"a", "a~9", "a~11~partial", "b~partial"}) {
    CHECK_FALSE(fs::exists(disk.path(gone)));
  }
  for (const char* kept : {"a~10", "c.partial", ".hidden", "Not"}) {
    CHECK(fs::exists(disk.path(kept)));
  }
}

TEST_CASE("a place that cannot be listed is an error, not a service without channels",
          "[service][issue-13]") {
  const TemporaryDirectory directory;
  SECTION("a file where the channels should be") {
    std::ofstream(directory.path() / "channels") << "";
    CHECK_THROWS_WITH(ChannelDirectories(directory.path(), kNameBytesMax),
                      "cannot list the ledgers of the channels: " +
                          (directory.path() / "channels").string() + ": Not a directory");
  }
  SECTION("a channel that is a link to itself") {
    fs::create_directories(directory.path() / "channels");
    fs::create_symlink("loop", directory.path() / "channels" / "loop");
    CHECK_THROWS_WITH(ChannelDirectories(directory.path(), kNameBytesMax),
                      Catch::Contains("channels/loop: Too many levels of symbolic links"));
  }
  SECTION("nothing there yet is no error") {
    CHECK(ChannelDirectories(directory.path(), kNameBytesMax).found().empty());
  }
}

TEST_CASE("ledgers in memory have no directories", "[service]") {
  ChannelDirectories directories(std::nullopt, kNameBytesMax);
  CHECK(directories.found().empty());
  CHECK_FALSE(directories.current({"a"}).has_value());
  CHECK_FALSE(directories.next({"a"}).has_value());
  CHECK(directories.advance({"a"}).has_value());
}

}  // namespace
}  // namespace ccbus::test
