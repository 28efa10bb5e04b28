#include "bindings/cpp/samples/asset-transfer/asset_transfer.h"

#include <catch2/catch.hpp>

#include "bindings/cpp/tests/support/fake_peer.h"
#include "bindings/cpp/tests/support/scripted_peer.h"
#include "ccbus/shim/stub.h"

using namespace ccbus::testing;
using Catch::Matchers::Message;
using ccbus::shim::Error;

namespace {

// The sample over a map: every call is a transaction of its own.
class Ledger {
 public:
  std::string call(const std::vector<std::string>& args) {
    ccbus::shim::Stub stub(peer_, transaction_of(args));
    return chaincode_.invoke(stub).payload;
  }

 private:
  FakePeer peer_;
  AssetTransfer chaincode_;
};

constexpr const char* kAsset =
    R"({"AppraisedValue":300,"Color":"blue","ID":"a1","Owner":"tom","Size":5})";

}  // namespace

TEST_CASE("an asset is created once, read, and found among all", "[shim]") {
  Ledger ledger;
  CHECK(ledger.call({"AssetExists", "a1"}) == "false");
  CHECK(ledger.call({"GetAllAssets"}) == "[]");
  CHECK(ledger.call({"CreateAsset", "a1", "blue", "5", "tom", "300"}) == kAsset);
  CHECK(ledger.call({"ReadAsset", "a1"}) == kAsset);
  CHECK(ledger.call({"AssetExists", "a1"}) == "true");
  CHECK(ledger.call({"GetAllAssets"}) == std::string("[") + kAsset + "]");
  CHECK_THROWS_MATCHES(ledger.call({"CreateAsset", "a1", "red", "1", "ann", "1"}), Error,
                       Message("there is an asset a1 already"));
}

TEST_CASE("a transfer returns the old owner and changes nothing else", "[shim]") {
  Ledger ledger;
  ledger.call({"CreateAsset", "a1", "blue", "5", "tom", "300"});
  CHECK(ledger.call({"TransferAsset", "a1", "ann"}) == "tom");
  CHECK(ledger.call({"TransferAsset", "a1", "tom"}) == "ann");
  CHECK(ledger.call({"ReadAsset", "a1"}) == kAsset);
}

TEST_CASE("an asset that is not there can be neither read, changed nor deleted", "[shim]") {
  Ledger ledger;
  for (const std::vector<std::string>& args : {std::vector<std::string>{"ReadAsset", "a1"},
                                               {"UpdateAsset", "a1", "red", "1", "ann", "1"},
                                               {"TransferAsset", "a1", "ann"},
                                               {"DeleteAsset", "a1"}})
    CHECK_THROWS_MATCHES(ledger.call(args), Error, Message("there is no asset a1"));
}

TEST_CASE("an asset can be updated and deleted", "[shim]") {
  Ledger ledger;
  ledger.call({"CreateAsset", "a1", "red", "1", "ann", "1"});
  CHECK(ledger.call({"UpdateAsset", "a1", "blue", "5", "tom", "300"}) == kAsset);
  ledger.call({"DeleteAsset", "a1"});
  CHECK(ledger.call({"AssetExists", "a1"}) == "false");
}

TEST_CASE("the ledger begins with the same six assets on every peer", "[shim]") {
  Ledger one;
  Ledger other;
  one.call({"InitLedger"});
  other.call({"InitLedger"});
  CHECK(one.call({"GetAllAssets"}) == other.call({"GetAllAssets"}));
  CHECK(one.call({"AssetExists", "asset6"}) == "true");
}

TEST_CASE("a call that does not fit is refused in words", "[shim]") {
  Ledger ledger;
  CHECK_THROWS_MATCHES(ledger.call({"Fly"}), Error, Message("there is no function 'Fly'"));
  CHECK_THROWS_MATCHES(ledger.call({}), Error, Message("there is no function ''"));
  CHECK_THROWS_MATCHES(ledger.call({"ReadAsset"}), Error,
                       Message("ReadAsset takes 1 arguments, not 0"));
  CHECK_THROWS_MATCHES(ledger.call({"CreateAsset", "a1", "blue", "5x", "tom", "300"}), Error,
                       Message("Size must be a whole number, not '5x'"));
}
