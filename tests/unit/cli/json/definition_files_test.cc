#include "service/cli/json/definition_files.h"

#include <catch2/catch.hpp>
#include <fstream>

#include "ccbus/definition.pb.h"
#include "tests/support/process.h"

namespace ccbus::cli {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::Contains;

const std::string kOwner = R"({"index":{"fields":["owner"]},"ddoc":"d","name":"n"})";

void write(const fs::path& file, const std::string& text) {
  fs::create_directories(file.parent_path());
  std::ofstream(file) << text;
}

TEST_CASE("indexes are read from a folder, of public state first", "[cli][issue-17]") {
  const test::TemporaryDirectory folder;
  write(folder.path() / "collections/b/indexes/1.json", kOwner);
  write(folder.path() / "collections/a/indexes/1.json", kOwner);
  write(folder.path() / "collections/a/indexes/no.txt", kOwner);
  write(folder.path() / "indexes/2.json", kOwner);
  const auto files = read_index_files(folder.path());
  REQUIRE(files);
  REQUIRE(files->size() == 3);
  CHECK(files->at(0).collection.empty());
  CHECK(files->at(0).path == (folder.path() / "indexes/2.json").string());
  CHECK(files->at(1).collection == "a");
  CHECK(files->at(2).collection == "b");
}

TEST_CASE("a folder without indexes is refused", "[cli][issue-17]") {
  const test::TemporaryDirectory folder;
  CHECK_THAT(read_index_files(folder.path()).error().message, Contains("has no index"));
  CHECK_THAT(read_index_files(folder.path() / "none").error().message,
             Contains("is not a directory"));
}

TEST_CASE("no index is made of a collection that is not defined, and it is said once",
          "[cli][issue-17]") {
  ccbus::ChaincodeDefinition definition;
  definition.add_collections()->set_name("known");
  const auto notes = add_indexes({{"f1", "known", kOwner},
                                  {"f2", "unknown", kOwner},
                                  {"f3", "unknown", kOwner},
                                  {"f4", "", kOwner}},
                                 definition);
  REQUIRE(notes);
  REQUIRE(notes->size() == 1);
  CHECK_THAT(notes->front(), Contains("f2: ") && Contains("the collection unknown is not defined"));
  REQUIRE(definition.indexes_size() == 2);
  CHECK(definition.indexes(0).collection() == "known");
  CHECK(definition.indexes(1).collection().empty());
}

TEST_CASE("of two indexes with one name the later one stays", "[cli][issue-17]") {
  ccbus::ChaincodeDefinition definition;
  const auto notes = add_indexes(
      {{"f1", "", kOwner}, {"f2", "", R"({"index":{"fields":["color"]},"ddoc":"d","name":"n"})"}},
      definition);
  REQUIRE(notes);
  CHECK(notes->front() == "f2: the index d/n takes the place of one with the same name");
  REQUIRE(definition.indexes_size() == 1);
  CHECK(definition.indexes(0).fields(0) == "color");
}

TEST_CASE("a wrong index and a wrong collection name their file", "[cli][issue-17]") {
  const test::TemporaryDirectory folder;
  ccbus::ChaincodeDefinition definition;
  CHECK_THAT(add_indexes({{"f1", "", "{}"}}, definition).error().message,
             Contains("f1: ") && Contains("`index` is missing"));
  write(folder.path() / "c.json", R"([{"name":"a"}])");
  CHECK_THAT(add_collections(folder.path() / "c.json", definition).error().message,
             Contains("c.json: "));
  CHECK_THAT(add_collections(folder.path() / "none.json", definition).error().message,
             Contains("cannot read"));
}

}  // namespace
}  // namespace ccbus::cli
