#include "service/cli/package/archive.h"

#include <catch2/catch.hpp>

#include "tests/unit/cli/package/raw_archive.h"

namespace ccbus::cli {
namespace {

using Catch::Matchers::Contains;
using test::Compression;
using test::raw_archive;

constexpr ArchiveLimits kLimits{
    .unpacked_bytes_max = 1u << 20, .entries_max = 5, .path_bytes_max = 100};

std::optional<std::uint64_t> want_all(const std::string&) {
  return 1u << 20;
}

std::string refused(std::string_view bytes, ErrorCode code = ErrorCode::kInvalid) {
  const auto files = read_archive(bytes, kLimits, want_all);
  REQUIRE_FALSE(files);
  CHECK(files.error().code == code);
  return files.error().message;
}

TEST_CASE("what was written is read", "[cli][issue-17]") {
  const std::string large(300'000, 'x');
  const auto bytes = write_archive({{"a.json", "{}"}, {"b/c/d", large}, {"empty", ""}});
  REQUIRE(bytes);
  CHECK(bytes->size() < 2'000);
  const auto files = read_archive(*bytes, kLimits, want_all);
  REQUIRE(files);
  REQUIRE(files->size() == 3);
  CHECK(files->at(0).path == "a.json");
  CHECK(files->at(0).content == "{}");
  CHECK(files->at(1).path == "b/c/d");
  CHECK(files->at(1).content == large);
  CHECK(files->at(2).content.empty());
  CHECK(*write_archive({{"a.json", "{}"}, {"b/c/d", large}, {"empty", ""}}) == *bytes);
}

TEST_CASE("only the files that are wanted are read", "[cli][issue-17]") {
  const auto bytes = write_archive({{"a", std::string(1000, 'x')}, {"b", "content"}});
  const auto files =
      read_archive(*bytes, kLimits, [](const std::string& path) -> std::optional<std::uint64_t> {
        return path == "b" ? std::optional<std::uint64_t>(100) : std::nullopt;
      });
  REQUIRE(files);
  REQUIRE(files->size() == 1);
  CHECK(files->front().content == "content");
}

TEST_CASE("folders and ./ in front of a path do not matter", "[cli][issue-17]") {
  const auto files =
      read_archive(raw_archive({{"./", "", AE_IFDIR}, {"./b/", "", AE_IFDIR}, {"./b//c", "1"}}),
                   kLimits, want_all);
  REQUIRE(files);
  REQUIRE(files->size() == 1);
  CHECK(files->front().path == "b/c");
}

TEST_CASE("a path that leads out of the archive is refused", "[cli][issue-17]") {
  CHECK(refused(raw_archive({{"a/../../b", "1"}})) == "'a/../../b' leads out of the archive");
  CHECK(refused(raw_archive({{"../b", "1"}})) == "'../b' leads out of the archive");
  CHECK(refused(raw_archive({{"/etc/passwd", "1"}})) == "'/etc/passwd' is an absolute path");
}

TEST_CASE("links and devices are refused", "[cli][issue-17]") {
  CHECK(refused(raw_archive({{"a", "", AE_IFLNK, "/etc/passwd"}})) == "'a' is a symbolic link");
  CHECK(refused(raw_archive({{"a", "1"}, {"b", "", AE_IFREG, "a"}})) == "'b' is a link");
  for (const unsigned type : {AE_IFCHR, AE_IFBLK, AE_IFIFO}) {
    CHECK(refused(raw_archive({{"a", "", type}})) == "'a' is neither a file nor a directory");
  }
}

TEST_CASE("a file that is there twice is refused", "[cli][issue-17]") {
  CHECK(refused(raw_archive({{"a", "1"}, {"./a", "2"}})) == "'a' is there twice");
}

TEST_CASE("too many entries, too long a path and too large a file are refused", "[cli][issue-17]") {
  CHECK(refused(raw_archive({{"1"}, {"2"}, {"3"}, {"4"}, {"5"}, {"6"}}), ErrorCode::kExhausted) ==
        "the archive has 6 entries; at most 5 are possible");
  CHECK_THAT(refused(raw_archive({{std::string(101, 'p'), "1"}}), ErrorCode::kExhausted),
             Contains("has 101 bytes; at most 100 are possible"));
  const auto files = read_archive(raw_archive({{"a", "12345"}}), kLimits,
                                  [](const std::string&) { return std::optional(4u); });
  REQUIRE_FALSE(files);
  CHECK(files.error().message == "'a' has 5 bytes; at most 4 are possible");
}

TEST_CASE("what unpacks to too much is refused, also if it is skipped", "[cli][issue-17]") {
  const std::string bytes =
      raw_archive({{"a", std::string(700'000, '\0')}, {"b", std::string(700'000, '\0')}});
  CHECK(bytes.size() < 20'000);
  const auto files =
      read_archive(bytes, kLimits,
                   [](const std::string&) -> std::optional<std::uint64_t> { return std::nullopt; });
  REQUIRE_FALSE(files);
  CHECK(files.error().code == ErrorCode::kExhausted);
  CHECK_THAT(files.error().message, Contains("at 'b'") && Contains("at most 1048576 are possible"));
}

TEST_CASE("what is no .tar.gz, or damaged, is refused", "[cli][issue-17]") {
  CHECK(refused("") == "it is not compressed by gzip");
  CHECK(refused("no archive") == "it is not compressed by gzip");
  CHECK(refused(raw_archive({{"a", "1"}}, Compression::kNone)) == "it is not compressed by gzip");
  CHECK(refused(raw_archive({{"a", "1"}}, Compression::kTwice)) ==
        "it is compressed more than once");
  CHECK_THAT(refused(std::string("\x1f\x8b") + std::string(100, 'x')),
             Contains("it is no .tar.gz, or a damaged one"));
  std::string content;
  for (int i = 0; i < 5'000; ++i) content += std::to_string(i * 7919);
  const std::string whole = raw_archive({{"a", content}});
  CHECK_THAT(refused(std::string_view(whole).substr(0, whole.size() / 2)), Contains("damaged"));
  std::string changed = whole;
  for (std::size_t i = 100; i < 200; ++i) changed[i] = static_cast<char>(~changed[i]);
  CHECK_THAT(refused(changed), Contains("damaged"));
}

}  // namespace
}  // namespace ccbus::cli
