#include "service/ledger/state/definition.h"

#include <catch2/catch.hpp>

#include "tests/support/map_state_view.h"

using namespace ccbus;
using namespace ccbus::ledger;
using test::MapStateView;

TEST_CASE("a definition is found under the chaincode's name", "[ledger]") {
  ccbus::ChaincodeDefinition definition;
  definition.set_name("basic");
  definition.add_collections()->set_name("one");
  definition.add_collections()->set_name("two");
  const MapStateView view({{{"_lifecycle", "basic"}, {definition.SerializeAsString(), "", {1, 0}}},
                           {{"_lifecycle", "broken"}, {"\xff\xff", "", {1, 0}}},
                           {{"elsewhere", "other"}, {definition.SerializeAsString(), "", {1, 0}}}});
  const auto found = find_definition(view, "basic");
  REQUIRE((found && *found));
  CHECK(find_collection(**found, "two")->name() == "two");
  CHECK(find_collection(**found, "three") == nullptr);
  CHECK_FALSE(find_definition(view, "other")->has_value());
  CHECK(find_definition(view, "broken").error().code == ErrorCode::kCorrupt);
}

TEST_CASE("an implicit collection names an organisation", "[ledger]") {
  CHECK(is_implicit_collection("_implicit_org_Org1MSP"));
  CHECK_FALSE(is_implicit_collection("_implicit_org_"));
  CHECK(is_implicit_collection_of_another("_implicit_org_Org1MSP", "Org2MSP"));
  CHECK(is_implicit_collection_of_another("_implicit_org_Org1MSP", "Org1"));
  CHECK_FALSE(is_implicit_collection_of_another("_implicit_org_Org1MSP", "Org1MSP"));
  CHECK_FALSE(is_implicit_collection_of_another("deals", "Org1MSP"));
  CHECK_FALSE(is_implicit_collection("secrets"));
}
