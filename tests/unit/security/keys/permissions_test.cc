#include "service/security/keys/permissions.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <map>
#include <string>

#include "tests/support/process.h"

namespace ccbus::security {
namespace {

using Catch::Matchers::Contains;

Permissions parsed(const std::map<std::string, std::string>& metadata) {
  auto permissions = Permissions::parse(metadata);
  REQUIRE(permissions);
  return *permissions;
}

TEST_CASE("What a certificate does not allow is not allowed", "[permissions]") {
  const Permissions none = parsed({{"name", "app"}, {"email", "a@b"}});
  CHECK_FALSE(none.may_register("basic"));
  CHECK_FALSE(none.may_use("mychannel"));
  for (std::size_t i = 0; i < static_cast<std::size_t>(Right::kCount); ++i) {
    CHECK_FALSE(none.has(static_cast<Right>(i)));
  }
  CHECK_FALSE(none.may_keep_snapshot("/tmp/x"));
}

TEST_CASE("Names and channels are allowed by pattern", "[permissions]") {
  const Permissions some =
      parsed({{"register", "basic, asset-*,v[12]"}, {"channels", "my*  other"}});
  for (const char* name : {"basic", "asset-", "asset-transfer", "v1", "v2"}) {
    CHECK(some.may_register(name));
  }
  for (const char* name : {"", "Basic", "basic2", "xasset-1", "v3", "asset"}) {
    CHECK_FALSE(some.may_register(name));
  }
  CHECK_FALSE(some.may_register(std::string_view("basic\0x", 7)));
  CHECK_FALSE(parsed({{"register", "*"}}).may_register(std::string_view("a\0b", 3)));
  CHECK(some.may_use("mychannel"));
  CHECK(some.may_use("other"));
  CHECK_FALSE(some.may_use("others"));
  CHECK_FALSE(some.may_use(""));
}

TEST_CASE("Attributes are names with values, and none that Fabric gives",
          "[permissions][issue-16]") {
  const Permissions some = parsed({{"attributes", "role=auditor, dept=7 empty= sum=a=b"}});
  using Attributes = std::map<std::string, std::string>;
  CHECK(some.attributes ==
        Attributes{{"role", "auditor"}, {"dept", "7"}, {"empty", ""}, {"sum", "a=b"}});
  CHECK(some.metadata().at("attributes") == "dept=7, empty=, role=auditor, sum=a=b");
  CHECK(parsed(some.metadata()) == some);
  CHECK(parsed({}).attributes.empty());
  for (const char* text : {"auditor", "=x", "a=1,a=2", "hf.EnrollmentID=admin", "hf.Type=admin"}) {
    const auto wrong = Permissions::parse({{"attributes", text}});
    REQUIRE_FALSE(wrong);
    CHECK_THAT(wrong.error().message, Contains("attributes: '"));
  }
}

TEST_CASE("Rights are words, and words for several", "[permissions]") {
  const Permissions client = parsed({{"rights", "client"}});
  const Permissions admin = parsed({{"rights", "admin"}});
  for (const Right right : {Right::kEvaluate, Right::kSubmit, Right::kEvents, Right::kRead}) {
    CHECK(client.has(right));
    CHECK_FALSE(admin.has(right));
  }
  for (const Right right : {Right::kDefine, Right::kChannels, Right::kMaintain, Right::kKeys}) {
    CHECK(admin.has(right));
    CHECK_FALSE(client.has(right));
  }
  CHECK(parsed({{"rights", "all"}}).rights.all());
  CHECK(parsed({{"rights", "read, evaluate"}}).rights.count() == 2);
  const auto wrong = Permissions::parse({{"rights", "evaluate, write"}});
  REQUIRE_FALSE(wrong);
  CHECK_THAT(wrong.error().message, Contains("rights: 'write' is not one of evaluate, submit"));
}

TEST_CASE("Snapshots may be below the given directories only", "[permissions]") {
  const test::TemporaryDirectory directory;
  const std::filesystem::path root = directory.path() / "allowed";
  const std::filesystem::path elsewhere = directory.path() / "elsewhere";
  std::filesystem::create_directories(root / "old");
  std::filesystem::create_directories(elsewhere);
  std::filesystem::create_symlink(elsewhere, root / "link");
  const Permissions some = parsed({{"snapshots", root.string() + "/"}});
  CHECK(some.may_keep_snapshot(root / "new"));
  CHECK(some.may_keep_snapshot(root / "old" / "new"));
  CHECK(some.may_keep_snapshot(root / "old" / ".." / "new"));
  CHECK_FALSE(some.may_keep_snapshot(root / ".." / "elsewhere" / "new"));
  CHECK_FALSE(some.may_keep_snapshot(root / "link" / "new"));
  CHECK_FALSE(some.may_keep_snapshot(root.string() + "2/new"));
  CHECK_FALSE(some.may_keep_snapshot("new"));
  CHECK(Permissions::all().may_keep_snapshot("/anywhere"));
  const auto relative = Permissions::parse({{"snapshots", "a/b"}});
  REQUIRE_FALSE(relative);
  CHECK(relative.error().message == "snapshots: 'a/b' is not an absolute path");
}

TEST_CASE("An expiry is a time in UTC", "[permissions]") {
  const Permissions some = parsed({{"expires", "2027-01-31T00:00:00Z"}});
  REQUIRE(some.expires);
  CHECK(some.expires->time_since_epoch().count() == 1'801'353'600);
  for (const char* text : {"tomorrow", "2027-01-31", "2027-13-31T00:00:00Z",
                           "2027-01-31T00:00:00Z!", "2027-01-31T00:00:00+01:00"}) {
    const auto wrong = Permissions::parse({{"expires", text}});
    REQUIRE_FALSE(wrong);
    CHECK_THAT(wrong.error().message, Contains(text) && Contains("2027-01-31T00:00:00Z"));
  }
}

TEST_CASE("A key may be for signed requests only", "[permissions][issue-17]") {
  CHECK_FALSE(parsed({}).only_signed);
  CHECK_FALSE(Permissions::all().only_signed);
  const Permissions some = parsed({{"requests", "signed"}});
  CHECK(some.only_signed);
  CHECK(some.metadata().at("requests") == "signed");
  for (const char* text : {"unsigned", "signed, all", "Signed"}) {
    const auto wrong = Permissions::parse({{"requests", text}});
    REQUIRE_FALSE(wrong);
    CHECK(wrong.error().message == "requests: '" + std::string(text) + "' is not signed");
  }
}

TEST_CASE("Permissions are written as they are read", "[permissions]") {
  const Permissions some = parsed({{"register", "basic,x*"},
                                   {"channels", "*"},
                                   {"rights", "submit,keys"},
                                   {"snapshots", "/var/a /var/b/"},
                                   {"expires", "2030-02-28T23:59:59Z"},
                                   {"requests", "signed"}});
  CHECK(parsed(some.metadata()) == some);
  CHECK(some.metadata().at("rights") == "submit, keys");
  CHECK(parsed(Permissions::all().metadata()) == Permissions::all());
  CHECK(Permissions().metadata().empty());
}

}  // namespace
}  // namespace ccbus::security
