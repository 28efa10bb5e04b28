// ccbus dev crypto: keys and certificates of organisations.
#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/support/ccbus_command.h"
#include "tests/support/checkout.h"
#include "tests/support/process.h"

namespace ccbus::test {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::Contains;
using Json = nlohmann::json;

Output dev_crypto(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {test::built_program("ccbus"), "dev", "crypto"});
  return run_with_errors(arguments);
}

TEST_CASE("dev crypto writes two organisations", "[e2e][issue-16]") {
  const TemporaryDirectory out;
  const fs::path parent = out.path() / "organizations" / "peerOrganizations";
  const Output written = dev_crypto({"--out", out.path().string()});
  CHECK(written.status == 0);
  CHECK_THAT(written.text,
             Contains("Org1MSP: " + (parent / "org1.example.com").string() + "\n") &&
                 Contains("Org2MSP: " + (parent / "org2.example.com").string() + "\n") &&
                 Contains("export CRYPTO_PATH="));
  CHECK(fs::exists(parent / "org1.example.com/users/User1@org1.example.com/msp/keystore/priv_sk"));
  CHECK(fs::exists(parent / "org2.example.com/peers/peer0.org2.example.com/tls/ca.crt"));

  const Output again = dev_crypto({"--out", out.path().string()});
  CHECK(again.status == 1);
  CHECK_THAT(again.text, Contains("org1.example.com exists already, and is not overwritten"));
}

TEST_CASE("dev crypto says in JSON what it has written", "[e2e][issue-16]") {
  const TemporaryDirectory out;
  const Output written =
      dev_crypto({"--out", out.path().string(), "--orgs", "Bank,Shop", "--json"});
  REQUIRE(written.status == 0);
  const Json organizations = Json::parse(written.text).at("organizations");
  REQUIRE(organizations.size() == 2);
  CHECK(organizations[1] ==
        Json{{"msp_id", "ShopMSP"},
             {"domain", "shop.example.com"},
             {"directory",
              (out.path() / "organizations/peerOrganizations/shop.example.com").string()},
             {"peers", {"peer0.shop.example.com"}},
             {"users", {"User1@shop.example.com", "Admin@shop.example.com"}}});
}

TEST_CASE("dev crypto refuses a name that is none, and what it cannot write", "[e2e][issue-16]") {
  const TemporaryDirectory out;
  const Output named = dev_crypto({"--out", out.path().string(), "--orgs", "../Org"});
  CHECK(named.status == 2);
  CHECK_THAT(named.text, Contains("'../Org' cannot be the name of an organisation"));
  CHECK(dev_crypto({}).status == 2);
  const Output nowhere = dev_crypto({"--out", "/proc/none"});
  CHECK(nowhere.status == 1);
  CHECK_THAT(nowhere.text, Contains("/proc/none"));
}

}  // namespace
}  // namespace ccbus::test
