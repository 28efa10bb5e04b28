#include "service/cli/dev/program_search.h"

#include <catch2/catch.hpp>
#include <fstream>

#include "tests/support/process.h"

namespace ccbus::cli {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::Contains;

fs::path make_program(const fs::path& file) {
  fs::create_directories(file.parent_path());
  std::ofstream(file) << "#!/bin/sh\n";
  fs::permissions(file, fs::perms::owner_all);
  return file;
}

TEST_CASE("a program is found beside another one, else on the PATH", "[cli][issue-17]") {
  const test::TemporaryDirectory folder;
  const fs::path ccbus = folder.path() / "bin/ccbus";
  const std::string path = "::" + (folder.path() / "none").string() + ":" +
                           (folder.path() / "first").string() + ":" +
                           (folder.path() / "second").string();
  const auto missing = find_program("ccbusd", ccbus, path);
  REQUIRE_FALSE(missing);
  CHECK(missing.error().message == "there is no ccbusd beside ccbus, in " +
                                       (folder.path() / "bin").string() + ", and none on the PATH");
  const fs::path second = make_program(folder.path() / "second/ccbusd");
  CHECK(find_program("ccbusd", ccbus, path).value_or("") == second);
  const fs::path first = make_program(folder.path() / "first/ccbusd");
  CHECK(find_program("ccbusd", ccbus, path).value_or("") == first);
  const fs::path beside = make_program(folder.path() / "bin/ccbusd");
  CHECK(find_program("ccbusd", ccbus, path).value_or("") == beside);
}

TEST_CASE("what is no program is passed over", "[cli][issue-17]") {
  const test::TemporaryDirectory folder;
  const fs::path beside = make_program(folder.path() / "bin/ccbusd");
  const fs::path other = make_program(folder.path() / "other/ccbusd");
  fs::remove(beside);
  fs::create_directory(beside);
  CHECK(find_program("ccbusd", folder.path() / "bin/ccbus", other.parent_path().string())
            .value_or("") == other);
}

}  // namespace
}  // namespace ccbus::cli
