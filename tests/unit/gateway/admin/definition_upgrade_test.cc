#include "service/gateway/admin/definition_upgrade.h"

#include <catch2/catch.hpp>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

using namespace ccbus;
using namespace ccbus::gateway;

namespace {

// Collections by name, and the blocks that their data live.
using Collections = std::vector<std::pair<std::string, std::uint64_t>>;

std::string upgraded(const Collections& before, const Collections& proposed) {
  const auto definition = [](const Collections& collections) {
    ccbus::ChaincodeDefinition made;
    for (const auto& [name, blocks] : collections) {
      made.add_collections()->set_name(name);
      made.mutable_collections()->rbegin()->set_block_to_live(blocks);
    }
    return made;
  };
  const auto checked = check_upgrade(definition(before), definition(proposed));
  return checked ? "accepted" : checked.error().message;
}

}  // namespace

TEST_CASE("a definition that takes collections from sight is refused in Fabric's words",
          "[gateway][row-179]") {
  CHECK(upgraded({{"a", 0}, {"b", 5}}, {}) ==
        "the proposed collection config does not contain previously defined collections");
  CHECK(upgraded({{"a", 0}, {"b", 5}}, {{"a", 0}, {"c", 5}}) ==
        "existing collection [b] missing in the proposed collection configuration");
  CHECK(upgraded({{"a", 0}, {"b", 5}}, {{"a", 0}, {"b", 6}}) ==
        "the BlockToLive in an existing collection [b] modified. Existing value [5]");
  CHECK(upgraded({{"a", 0}}, {{"a", 1}}) ==
        "the BlockToLive in an existing collection [a] modified. Existing value [0]");
}

TEST_CASE("a definition may add collections, and order them anew", "[gateway][row-179]") {
  CHECK(upgraded({}, {}) == "accepted");
  CHECK(upgraded({}, {{"a", 1}}) == "accepted");
  CHECK(upgraded({{"a", 1}, {"b", 2}}, {{"c", 3}, {"b", 2}, {"a", 1}}) == "accepted");
}
