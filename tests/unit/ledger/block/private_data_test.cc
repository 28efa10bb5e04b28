#include "service/ledger/block/private_data.h"

#include <catch2/catch.hpp>

#include "service/ledger/block/rwset.h"

using namespace ccbus;
using namespace ccbus::ledger;
using Catch::Contains;

namespace {

struct Sets {
  TxRwset hashed;
  rwset::TxPvtReadWriteSet plain;

  explicit Sets(const std::string& value) {
    RwsetBuilder builder;
    builder.collection("basic", "read").add_read("key", std::nullopt);
    builder.collection("basic", "written").add_write("key", value);
    builder.collection("other", "written").add_write("key", value);
    hashed = *parse_rwset(builder.build());
    plain = builder.build_private();
  }
};

std::string error(const TxRwset& hashed, const rwset::TxPvtReadWriteSet& plain) {
  const auto matched = match_private_data(hashed, plain.SerializeAsString());
  return matched ? "" : matched.error().message;
}

}  // namespace

TEST_CASE("private data belong to the hashes that a transaction has of them", "[ledger]") {
  const Sets sets("value");
  const auto matched = match_private_data(sets.hashed, sets.plain.SerializeAsString());
  REQUIRE(matched);
  REQUIRE(matched->size() == 2);
  CHECK(matched->at(0).ns == "basic");
  CHECK(matched->at(0).name == "written");
  CHECK(matched->at(0).writes.writes(0).value() == "value");
  CHECK(match_private_data(sets.hashed, "")->empty());
}

TEST_CASE("what no hash speaks of is refused", "[ledger][row-147]") {
  const Sets sets("value");
  CHECK_THAT(error(sets.hashed, Sets("another").plain),
             Contains("collection 'written' of chaincode 'basic': its hash is"));

  Sets unknown("value");
  unknown.plain.mutable_ns_pvt_rwset(0)->mutable_collection_pvt_rwset(0)->set_collection_name("x");
  CHECK_THAT(error(sets.hashed, unknown.plain), Contains("'x'"));

  Sets read("value");
  read.plain.mutable_ns_pvt_rwset(0)->mutable_collection_pvt_rwset(0)->set_collection_name("read");
  CHECK_THAT(error(sets.hashed, read.plain), Contains("wrote nothing there"));

  Sets elsewhere("value");
  elsewhere.plain.mutable_ns_pvt_rwset(0)->set_namespace_("elsewhere");
  CHECK_THAT(error(sets.hashed, elsewhere.plain), Contains("'elsewhere'"));

  Sets twice("value");
  *twice.plain.add_ns_pvt_rwset() = twice.plain.ns_pvt_rwset(0);
  CHECK_THAT(error(sets.hashed, twice.plain), Contains("twice"));

  CHECK(match_private_data(sets.hashed, "garbage").error().code == ErrorCode::kInvalid);
}
