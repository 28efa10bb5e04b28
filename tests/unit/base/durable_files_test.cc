#include "service/base/durable_files.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <string>

#include "tests/support/process.h"

namespace ccbus {
namespace {

namespace fs = std::filesystem;

constexpr fs::perms kOwnFile = fs::perms::owner_read | fs::perms::owner_write;

// Everything that is created has the mode that was asked for.
class NoUmask {
 public:
  NoUmask() : before_(umask(0)) {}
  ~NoUmask() { umask(before_); }
  NoUmask(const NoUmask&) = delete;
  NoUmask& operator=(const NoUmask&) = delete;

 private:
  const mode_t before_;
};

std::string content_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST_CASE("a file is written and replaced whole, for its owner alone", "[base][issue-13]") {
  const test::TemporaryDirectory directory;
  const NoUmask umask;
  const fs::path file = directory.path() / "file";
  REQUIRE(write_durably(file, "first, and longer"));
  REQUIRE(write_durably(file, "second"));
  CHECK(content_of(file) == "second");
  CHECK(fs::status(file).permissions() == kOwnFile);
  CHECK_FALSE(fs::exists(directory.path() / "file.partial"));
}

TEST_CASE("a file that cannot be written leaves the one before, and names the reason",
          "[base][issue-13]") {
  const test::TemporaryDirectory directory;
  const fs::path file = directory.path() / "file";
  REQUIRE(write_durably(file, "first"));
  fs::create_directory(directory.path() / "file.partial");
  const auto written = write_durably(file, "second");
  REQUIRE_FALSE(written);
  CHECK(written.error().code == ErrorCode::kIo);
  CHECK(written.error().message == "cannot make " + file.string() + ".partial: Is a directory");
  CHECK(content_of(file) == "first");
}

TEST_CASE("missing directories are made for their owner alone; existing ones stay",
          "[base][issue-13]") {
  const test::TemporaryDirectory directory;
  const NoUmask umask;
  const fs::path open = directory.path() / "open";
  fs::create_directory(open);
  fs::permissions(open, fs::perms::all);
  REQUIRE(make_directories(open / "a" / "b"));
  REQUIRE(make_directories(open / "a" / "b"));
  CHECK(fs::status(open).permissions() == fs::perms::all);
  CHECK(fs::status(open / "a").permissions() == fs::perms::owner_all);
  CHECK(fs::status(open / "a" / "b").permissions() == fs::perms::owner_all);
}

TEST_CASE("a directory is not made below a file", "[base][issue-13]") {
  const test::TemporaryDirectory directory;
  const fs::path file = directory.path() / "file";
  REQUIRE(write_durably(file, ""));
  const auto made = make_directories(file / "below");
  REQUIRE_FALSE(made);
  CHECK(made.error().code == ErrorCode::kIo);
  CHECK_THAT(made.error().message,
             Catch::Contains(file.string()) && Catch::Contains("Not a directory"));
}

TEST_CASE("a directory is taken from group and others", "[base][issue-13]") {
  const test::TemporaryDirectory directory;
  fs::permissions(directory.path(), fs::perms::all);
  REQUIRE(make_private(directory.path()));
  CHECK(fs::status(directory.path()).permissions() == fs::perms::owner_all);
  CHECK_FALSE(make_private(directory.path() / "missing"));
}

TEST_CASE("a copy is for its owner alone, whatever it is a copy of", "[base][issue-13]") {
  const test::TemporaryDirectory directory;
  const NoUmask umask;
  const fs::path from = directory.path() / "from";
  REQUIRE(make_directories(from));
  REQUIRE(write_durably(from / "file", "content"));
  fs::permissions(from / "file", fs::perms::all);
  const fs::path copy = directory.path() / "to";
  REQUIRE(copy_durably(from, copy));
  CHECK(content_of(copy / "file") == "content");
  CHECK(fs::status(copy).permissions() == fs::perms::owner_all);
  CHECK(fs::status(copy / "file").permissions() == kOwnFile);
  CHECK_FALSE(copy_durably(from, copy));
}

}  // namespace
}  // namespace ccbus
