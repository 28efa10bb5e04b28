#include "service/security/keys/key_store.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>

#include "ccbus/curve/certificate.h"
#include "service/security/keys/key_holders.h"
#include "tests/support/process.h"

namespace ccbus::security {
namespace {

using Catch::Matchers::Contains;
using namespace std::chrono_literals;

constexpr std::chrono::sys_seconds kNow{1'800'000'000s};

// A directory of allowed keys.
class Directory {
 public:
  curve::Certificate allow(const std::string& name,
                           const std::map<std::string, std::string>& metadata = {}) const {
    curve::Certificate made = curve::generate();
    made.metadata = metadata;
    write(name, curve::format_certificate(made, curve::Part::kPublic));
    return made;
  }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(path() / name) << text;
  }
  [[nodiscard]] std::filesystem::path path() const { return directory_.path(); }

 private:
  test::TemporaryDirectory directory_;
};

TEST_CASE("The directory says who is allowed", "[keys]") {
  const Directory directory;
  const auto app = directory.allow("app.key", {{"rights", "evaluate"}, {"channels", "a"}});
  directory.write("notes.txt", "not a key");
  KeyStore store(directory.path());
  CHECK(store.find(app.public_key) == nullptr);
  auto reload = store.reload();
  REQUIRE(reload);
  CHECK(reload->has_changed);
  CHECK(reload->keys == 1);
  CHECK(reload->errors.empty());
  const AllowedKeyPtr key = store.find(app.public_key);
  REQUIRE(key);
  CHECK(key->name == "app");
  CHECK(key->permissions.has(Right::kEvaluate));
  CHECK(store.find(curve::generate().public_key) == nullptr);

  reload = store.reload();
  REQUIRE(reload);
  CHECK_FALSE(reload->has_changed);
}

TEST_CASE("A change of the same size at the same time is found", "[keys]") {
  const Directory directory;
  const auto app = directory.allow("app.key", {{"channels", "aaa"}});
  KeyStore store(directory.path());
  REQUIRE(store.reload());
  const auto time = std::filesystem::last_write_time(directory.path() / "app.key");
  curve::Certificate changed = app;
  changed.metadata = {{"channels", "bbb"}};
  directory.write("app.key", curve::format_certificate(changed, curve::Part::kPublic));
  std::filesystem::last_write_time(directory.path() / "app.key", time);
  const auto reload = store.reload();
  REQUIRE(reload);
  CHECK(reload->has_changed);
  CHECK(store.find(app.public_key)->permissions.may_use("bbb"));
}

TEST_CASE("A certificate that cannot be taken allows nobody and is named", "[keys]") {
  const Directory directory;
  const auto good = directory.allow("good.key");
  curve::Certificate secret = curve::generate();
  directory.write("secret.key", curve::format_certificate(secret, curve::Part::kSecret));
  directory.write("broken.key", "curve\n  public-key = x\n");
  const auto rights = directory.allow("rights.key", {{"rights", "everything"}});
  directory.write("large.key", std::string(70'000, '#'));
  std::filesystem::create_directory(directory.path() / "folder.key");
  KeyStore store(directory.path());
  const auto reload = store.reload();
  REQUIRE(reload);
  CHECK(reload->keys == 1);
  REQUIRE(reload->errors.size() == 5);
  CHECK_THAT(reload->errors[0], Contains("broken.key: line 2"));
  CHECK_THAT(reload->errors[1], Contains("folder.key: "));
  CHECK_THAT(reload->errors[2], Contains("large.key: cannot be read, or is larger"));
  CHECK_THAT(reload->errors[3], Contains("rights.key: rights: 'everything'"));
  CHECK_THAT(reload->errors[4], Contains("secret.key: it has a secret key"));
  CHECK(store.find(good.public_key));
  CHECK_FALSE(store.find(secret.public_key));
  CHECK_FALSE(store.find(rights.public_key));
}

TEST_CASE("A key that two certificates have is taken from neither", "[keys]") {
  const Directory directory;
  auto one = directory.allow("one.key", {{"rights", "read"}});
  one.metadata = {{"rights", "all"}};
  for (const char* name : {"two.key", "three.key"}) {
    directory.write(name, curve::format_certificate(one, curve::Part::kPublic));
  }
  KeyStore store(directory.path());
  const auto reload = store.reload();
  REQUIRE(reload);
  CHECK(reload->errors.size() == 2);
  CHECK_FALSE(store.find(one.public_key));
}

TEST_CASE("A directory that cannot be read leaves what was read before", "[keys]") {
  const Directory directory;
  const auto app = directory.allow("app.key");
  KeyStore store(directory.path());
  REQUIRE(store.reload());
  std::filesystem::rename(directory.path(), directory.path().string() + "-moved");
  const auto reload = store.reload();
  std::filesystem::rename(directory.path().string() + "-moved", directory.path());
  REQUIRE_FALSE(reload);
  CHECK_THAT(reload.error().message, Contains("cannot be read"));
  CHECK(store.find(app.public_key));
}

TEST_CASE("Whoever holds a key may do what it allows now", "[keys]") {
  const Directory directory;
  const auto app = directory.allow("app.key", {{"rights", "read"}});
  const auto brief = directory.allow("brief.key", {{"expires", "2027-01-15T08:00:01Z"}});
  KeyStore store(directory.path());
  REQUIRE(store.reload());
  KeyHolders holders(&store);
  CHECK(holders.are_asked());
  CHECK(holders.came(PeerId{1}, app.public_key, kNow));
  CHECK(holders.came(PeerId{2}, app.public_key, kNow));
  CHECK(holders.came(PeerId{3}, brief.public_key, kNow));
  CHECK_FALSE(holders.came(PeerId{4}, curve::generate().public_key, kNow));
  CHECK_FALSE(holders.came(PeerId{5}, "", kNow));
  CHECK(holders.of(PeerId{1}).name == "app");
  CHECK(holders.of(PeerId{4}).permissions == Permissions());
  CHECK(holders.connections_of(app.public_key) == 2);
  CHECK(holders.came(PeerId{2}, app.public_key, kNow));  // Again, without having left.
  CHECK(holders.connections_of(app.public_key) == 2);
  CHECK(holders.look_up_again(kNow).empty());

  holders.left(PeerId{2});
  CHECK(holders.connections_of(app.public_key) == 1);
  SECTION("a key expires") {
    CHECK(holders.look_up_again(kNow + 1s) == std::vector{KeyHolders::Change{PeerId{3}, false}});
    CHECK_FALSE(holders.came(PeerId{6}, brief.public_key, kNow + 1s));
    CHECK(holders.of(PeerId{3}).permissions == Permissions());
  }
  SECTION("what a key may do changes") {
    curve::Certificate changed = app;
    changed.metadata = {{"rights", "submit"}};
    directory.write("app.key", curve::format_certificate(changed, curve::Part::kPublic));
    REQUIRE(store.reload());
    CHECK(holders.look_up_again(kNow) == std::vector{KeyHolders::Change{PeerId{1}, true}});
    CHECK(holders.look_up_again(kNow).empty());
    CHECK_FALSE(holders.of(PeerId{1}).permissions.has(Right::kRead));
    CHECK(holders.of(PeerId{1}).permissions.has(Right::kSubmit));
    CHECK(holders.connections_of(app.public_key) == 1);
  }
  SECTION("a key is revoked") {
    std::filesystem::remove(directory.path() / "app.key");
    REQUIRE(store.reload());
    CHECK(holders.look_up_again(kNow) == std::vector{KeyHolders::Change{PeerId{1}, false}});
    CHECK(holders.of(PeerId{1}).permissions == Permissions());
    CHECK_FALSE(holders.came(PeerId{7}, app.public_key, kNow));
    CHECK(holders.connections_of(app.public_key) == 0);
    holders.left(PeerId{1});  // It is cut.
    CHECK(holders.connections_of(app.public_key) == 0);
    CHECK(holders.connections_of(brief.public_key) == 1);
  }
}

TEST_CASE("Where nobody is asked for a key everybody may do everything", "[keys]") {
  KeyHolders holders(nullptr);
  CHECK_FALSE(holders.are_asked());
  CHECK(holders.came(PeerId{1}, "", kNow));
  CHECK(holders.of(PeerId{1}).permissions == Permissions::all());
  CHECK(holders.look_up_again(kNow).empty());
}

}  // namespace
}  // namespace ccbus::security
