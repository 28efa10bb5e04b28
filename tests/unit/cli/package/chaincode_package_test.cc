#include "service/cli/package/chaincode_package.h"

#include <catch2/catch.hpp>

#include "service/base/hex.h"
#include "service/security/crypto/digest.h"
#include "tests/unit/cli/package/raw_archive.h"

namespace ccbus::cli {
namespace {

using Catch::Matchers::Contains;
using test::raw_archive;
using test::RawEntry;

const std::string kConnection = R"({"address":"host:9999","dial_timeout":"10s"})";
const std::string kIndex = R"({"index":{"fields":["owner"]},"ddoc":"d","name":"n"})";
const std::string kDatabase = "META-INF/statedb/couchdb/";

std::string metadata_of(const std::string& label, const std::string& type = "ccaas") {
  return R"({"path":"","type":")" + type + R"(","label":")" + label + "\"}";
}

std::string package_of(const std::string& metadata, const std::vector<RawEntry>& code) {
  return raw_archive({{"metadata.json", metadata}, {"code.tar.gz", raw_archive(code)}});
}

std::string refused(const std::string& bytes) {
  const auto package = read_chaincode_package(bytes);
  REQUIRE_FALSE(package);
  return package.error().message;
}

TEST_CASE("a package of a chaincode as a service is read", "[cli][issue-17]") {
  const std::string bytes =
      package_of(metadata_of("basic_1.0"), {{"connection.json", kConnection},
                                            {kDatabase + "collections/c/indexes/1.json", kIndex},
                                            {kDatabase + "indexes/2.json", kIndex},
                                            {kDatabase + "indexes/1.json", kIndex}});
  const auto package = read_chaincode_package(bytes);
  REQUIRE(package);
  CHECK(package->label == "basic_1.0");
  CHECK(package->type == "ccaas");
  CHECK(package->connection == kConnection);
  CHECK(package->id == "basic_1.0:" + to_hex(security::as_text(security::sha256({bytes}))));
  REQUIRE(package->files.size() == 3);
  CHECK(package->files[0].path == kDatabase + "indexes/1.json");
  CHECK(package->files[1].path == kDatabase + "indexes/2.json");
  CHECK(package->files[2].collection == "c");
  CHECK(package->files[2].text == kIndex);
  CHECK(package->notes.empty());
}

TEST_CASE("the type may be external, in any case", "[cli][issue-17]") {
  for (const char* type : {"external", "CCaaS"}) {
    CHECK(read_chaincode_package(
        package_of(metadata_of("a", type), {{"connection.json", kConnection}})));
  }
}

TEST_CASE("a package whose source a peer would build is refused, with what to do",
          "[cli][issue-17]") {
  for (const std::string type : {"golang", "node", "java", "GOLANG"}) {
    CHECK_THAT(refused(package_of(metadata_of("a", type), {{"src/main.go", "package main"}})),
               Contains("which ccbus does not build: build it, and either"));
  }
  CHECK_THAT(refused(package_of(metadata_of("a", "rust"), {})),
             Contains("metadata.json: 'rust' is no type that ccbus installs"));
}

TEST_CASE("what a package lacks is named", "[cli][issue-17]") {
  const std::string code = raw_archive({{"connection.json", kConnection}});
  CHECK_THAT(refused(raw_archive({{"code.tar.gz", code}})), Contains("it has no metadata.json"));
  CHECK_THAT(refused(raw_archive({{"metadata.json", metadata_of("a")}})),
             Contains("it has no code.tar.gz"));
  CHECK_THAT(refused(package_of(metadata_of("a"), {{"other.json", "{}"}})),
             Contains("code.tar.gz has no connection.json"));
}

TEST_CASE("metadata.json is checked", "[cli][issue-17]") {
  const std::vector<RawEntry> code{{"connection.json", kConnection}};
  CHECK(refused(package_of("[1", code)) == "metadata.json is not a JSON object");
  CHECK(refused(package_of("[]", code)) == "metadata.json is not a JSON object");
  CHECK(refused(package_of(R"({"type":"ccaas"})", code)) == "metadata.json: label is missing");
  CHECK(refused(package_of(R"({"type":1,"label":"a"})", code)) ==
        "metadata.json: type is not a text");
  CHECK_THAT(refused(package_of(metadata_of("_basic"), code)), Contains("invalid label '_basic'"));
  CHECK_THAT(refused(package_of(metadata_of(std::string(256, 'a')), code)),
             Contains("(256 bytes)") && Contains("from 1 to 255"));
  CHECK_THAT(refused(package_of(std::string(65'537, ' '), code)),
             Contains("'metadata.json' has 65537 bytes; at most 65536 are possible"));
}

TEST_CASE("the code inside is checked as the package is", "[cli][issue-17]") {
  CHECK(refused(raw_archive({{"metadata.json", metadata_of("a")}, {"code.tar.gz", "none"}})) ==
        "code.tar.gz: it is not compressed by gzip");
  CHECK(refused(package_of(metadata_of("a"), {{"connection.json", "", AE_IFLNK, "/etc/shadow"}})) ==
        "code.tar.gz: 'connection.json' is a symbolic link");
  CHECK_THAT(refused(package_of(metadata_of("a"), {{"connection.json", kConnection},
                                                   {kDatabase + "indexes/1.json",
                                                    std::string((1u << 20) + 1, ' ')}})),
             Contains("has 1048577 bytes; at most 1048576 are possible"));
  CHECK_THAT(refused(package_of(metadata_of("a"), {{"connection.json", kConnection},
                                                   {"bomb", std::string(101u << 20, '\0')}})),
             Contains("code.tar.gz: the unpacked archive, at 'bomb'") &&
                 Contains("at most 104857600 are possible"));
}

TEST_CASE("what ccbus does not use of a package is said", "[cli][issue-17]") {
  const auto package = read_chaincode_package(raw_archive(
      {{"metadata.json", metadata_of("a")},
       {"README", "text"},
       {"code.tar.gz", raw_archive({{"connection.json", kConnection},
                                    {"source.txt", "the source of an external builder"},
                                    {"META-INF/statedb/leveldb/x.json", "{}"},
                                    {kDatabase + "indexes/readme.txt", "text"},
                                    {kDatabase + "indexes/sub/1.json", kIndex},
                                    {kDatabase + "collections/indexes/1.json", kIndex}})}}));
  REQUIRE(package);
  CHECK(package->files.empty());
  CHECK(package->notes == std::vector<std::string>{
                              "README is not used", "META-INF/statedb/leveldb/x.json is not used",
                              "META-INF/statedb/couchdb/indexes/readme.txt is not used",
                              "META-INF/statedb/couchdb/indexes/sub/1.json is not used",
                              "META-INF/statedb/couchdb/collections/indexes/1.json is not used"});
}

TEST_CASE("a package that was made is read, and has the same id each time", "[cli][issue-17]") {
  PackageContent content;
  content.label = "basic_1.0";
  content.connection = kConnection;
  content.files = {{"indexes/1.json", "", kIndex}, {"collections/c/indexes/2.json", "c", kIndex}};
  const auto bytes = write_chaincode_package(content);
  REQUIRE(bytes);
  const auto package = read_chaincode_package(*bytes);
  REQUIRE(package);
  CHECK(package->label == "basic_1.0");
  CHECK(package->connection == kConnection);
  CHECK(package->files.size() == 2);
  CHECK(package->id == package_id("basic_1.0", *write_chaincode_package(content)));
  content.label = "-";
  CHECK_THAT(write_chaincode_package(content).error().message, Contains("invalid label '-'"));
}

}  // namespace
}  // namespace ccbus::cli
