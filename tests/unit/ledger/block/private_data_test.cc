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

std::string fault(const TxRwset& hashed, const rwset::TxPvtReadWriteSet& plain) {
  return match_private_data(hashed, plain.SerializeAsString()).fault;
}

}  // namespace

TEST_CASE("private data belong to the hashes that a transaction has of them", "[ledger]") {
  const Sets sets("value");
  const auto matched = match_private_data(sets.hashed, sets.plain.SerializeAsString());
  CHECK(matched.fault.empty());
  REQUIRE(matched.collections.size() == 2);
  CHECK(matched.collections[0].ns == "basic");
  CHECK(matched.collections[0].name == "written");
  CHECK(matched.collections[0].writes.writes(0).value() == "value");
  const auto nothing = match_private_data(sets.hashed, "");
  CHECK(nothing.collections.empty());
  CHECK(nothing.fault.empty());
}

TEST_CASE("what no hash speaks of is left out, and the first fault is told", "[ledger][row-147]") {
  const Sets sets("value");
  CHECK_THAT(fault(sets.hashed, Sets("another").plain),
             Contains("collection 'written' of chaincode 'basic': its hash is"));

  Sets unknown("value");
  unknown.plain.mutable_ns_pvt_rwset(0)->mutable_collection_pvt_rwset(0)->set_collection_name("x");
  CHECK_THAT(fault(sets.hashed, unknown.plain), Contains("'x'"));

  Sets read("value");
  read.plain.mutable_ns_pvt_rwset(0)->mutable_collection_pvt_rwset(0)->set_collection_name("read");
  CHECK_THAT(fault(sets.hashed, read.plain), Contains("wrote nothing there"));

  Sets elsewhere("value");
  elsewhere.plain.mutable_ns_pvt_rwset(0)->set_namespace_("elsewhere");
  CHECK_THAT(fault(sets.hashed, elsewhere.plain), Contains("'elsewhere'"));

  Sets twice("value");
  *twice.plain.add_ns_pvt_rwset() = twice.plain.ns_pvt_rwset(0);
  CHECK_THAT(fault(sets.hashed, twice.plain), Contains("twice"));

  CHECK_THAT(match_private_data(sets.hashed, "garbage").fault, Contains("cannot be decoded"));

  Sets half("value");
  half.plain.mutable_ns_pvt_rwset(0)->mutable_collection_pvt_rwset(0)->set_rwset("other");
  const auto matched = match_private_data(half.hashed, half.plain.SerializeAsString());
  REQUIRE(matched.collections.size() == 1);
  CHECK(matched.collections[0].ns == "other");
  CHECK_THAT(matched.fault, Contains("collection 'written' of chaincode 'basic'"));
}
