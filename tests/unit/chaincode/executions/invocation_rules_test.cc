// What the definition of a chaincode requires of its invocations: initialisation.
#include <catch2/catch.hpp>

#include "tests/support/chaincode_rig.h"

namespace ccbus::test {
namespace {

using Catch::Matchers::Contains;
using chaincode::Options;
using chaincode::Outcome;

const std::string kInitializedKey = std::string("\0\xf4\x8f\xbf\xbf", 5) + "initialized";

ccbus::ChaincodeDefinition definition(bool init_required) {
  ccbus::ChaincodeDefinition made;
  made.set_name("basic");
  made.set_version("2.0");
  made.set_sequence(1);
  made.set_init_required(init_required);
  return made;
}

TEST_CASE("a chaincode that requires initialisation", "[chaincode][row-120][row-121]") {
  ChaincodeRig rig;
  rig.define(definition(true));
  auto shim = rig.ready_shim("basic");
  SECTION("is called without it") {
    const auto& call = rig.invoke("basic", "tx1");
    REQUIRE(call.outcomes() == std::vector{Outcome::kInvalidInvocation});
    CHECK(call.error() ==
          "invalid invocation: chaincode 'basic' has not been initialized for this version, must "
          "call as init first");
    CHECK(shim.received().size() == 2);
  }
  SECTION("is initialised, which records the version") {
    const auto& call = rig.invoke("basic", "tx1", true);
    CHECK(shim.last().type() == ChaincodeMessage::INIT);
    shim.sends(completed("tx1"));
    REQUIRE(call.outcomes() == std::vector{Outcome::kCompleted});
    auto results = call.results[0].simulator->results();
    REQUIRE(results);
    REQUIRE(results->public_data.ns_rwset_size() == 1);
    kvrwset::KVRWSet set;
    REQUIRE(set.ParseFromString(results->public_data.ns_rwset(0).rwset()));
    REQUIRE(set.writes_size() == 1);
    CHECK(set.writes(0).key() == kInitializedKey);
    CHECK(set.writes(0).value() == "2.0");
    REQUIRE(set.reads_size() == 1);
    CHECK(set.reads(0).key() == kInitializedKey);
  }
  SECTION("is initialised twice") {
    rig.write("basic", kInitializedKey, "2.0");
    const auto& call = rig.invoke("basic", "tx1", true);
    CHECK(call.error() ==
          "invalid invocation: chaincode 'basic' is already initialized but called as init");
  }
  SECTION("was initialised as another version") {
    rig.write("basic", kInitializedKey, "1.0");
    CHECK_THAT(rig.invoke("basic", "tx1").error(), Contains("not been initialized"));
  }
}

TEST_CASE("INIT of a chaincode that requires none", "[chaincode][row-121]") {
  ChaincodeRig rig;
  rig.define(definition(false));
  rig.ready_shim("basic");
  CHECK(rig.invoke("basic", "tx1", true).error() ==
        "invalid invocation: chaincode 'basic' does not require initialization but called as init");
}

TEST_CASE("without autodefine a chaincode needs a definition", "[chaincode]") {
  Options options;
  options.autodefine = false;
  ChaincodeRig rig(options);
  rig.ready_shim("basic");
  const auto& refused = rig.invoke("basic", "tx1");
  REQUIRE(refused.outcomes() == std::vector{Outcome::kUndefined});
  CHECK_THAT(refused.error(), Contains("[channel ch1] failed to get chaincode container info for "
                                       "basic: chaincode definition for 'basic' not found"));
  rig.define(definition(false));
  CHECK(rig.invoke("basic", "tx2").outcomes().empty());
}

}  // namespace
}  // namespace ccbus::test
