#include "service/gateway/admin/definition_answers.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/support/gateway_rig.h"

namespace ccbus::test {
namespace {

using gateway::answer_definitions;

struct DefinedRig : GatewayRig {
  void define(const std::string& name, const std::vector<std::string>& index_collections = {}) {
    ccbus::ClientRequest message;
    message.mutable_define()->set_channel_id(kChannel.value);
    auto& definition = *message.mutable_define()->mutable_definition();
    definition.set_name(name);
    definition.set_version("1.0");
    auto& deals = *definition.add_collections();
    deals.set_name("deals");
    deals.set_policy("OR('DevMSP.member')");
    for (const std::string& collection : index_collections) {
      auto& index = *definition.add_indexes();
      index.set_collection(collection);
      index.set_design_document("_design/assets");
      index.set_name("by-owner");
      index.add_fields("owner");
    }
    request(message);
    cut_block();
    REQUIRE(answers().back().status().code() == ccbus::OK);
  }

  [[nodiscard]] Result<ccbus::Definitions> ask(const ccbus::GetDefinitions& query = {},
                                               std::uint32_t page_max = 1'000) {
    return answer_definitions(ledger.ledger(), query, page_max);
  }
};

}  // namespace

TEST_CASE("definitions come by name, in pages", "[gateway][issue-15]") {
  DefinedRig rig;
  CHECK(rig.ask()->chaincodes().empty());
  for (const char* name : {"trade", "basic", "letters"}) rig.define(name);
  ccbus::GetDefinitions query;
  std::vector<std::string> names;
  std::size_t pages = 0;
  do {
    const auto page = rig.ask(query, 2);
    REQUIRE(page);
    for (const auto& one : page->chaincodes()) names.push_back(one.definition().name());
    query.set_bookmark(page->bookmark());
    ++pages;
  } while (!query.bookmark().empty());
  CHECK(names == std::vector<std::string>{"basic", "letters", "trade"});
  CHECK(pages == 2);
}

TEST_CASE("one definition is found by its name, or is not defined", "[gateway][issue-15]") {
  DefinedRig rig;
  rig.define("basic");
  ccbus::GetDefinitions query;
  query.set_name("basic");
  REQUIRE(rig.ask(query));
  REQUIRE(rig.ask(query)->chaincodes_size() == 1);
  CHECK(rig.ask(query)->chaincodes(0).definition().sequence() == 1);
  query.set_name("trade");
  CHECK(rig.ask(query).error().code == ErrorCode::kNotFound);
  CHECK(rig.ask(query).error().message == "chaincode 'trade' is not defined on channel ch1");
}

TEST_CASE("a definition says how far its indexes are, of the state and of collections",
          "[gateway][issue-15]") {
  DefinedRig rig;
  rig.define("basic", {"", "deals"});
  const auto states = [&rig] {
    const auto page = rig.ask();
    REQUIRE(page);
    REQUIRE(page->chaincodes_size() == 1);
    REQUIRE(page->chaincodes(0).index_states_size() == 2);
    return std::vector<int>(page->chaincodes(0).index_states().begin(),
                            page->chaincodes(0).index_states().end());
  };
  CHECK(states() == std::vector<int>{ccbus::BEING_BUILT, ccbus::BEING_BUILT});
  while (true) {
    const auto built = rig.ledger.ledger().build_indexes(100);
    REQUIRE(built);
    if (!built->has_more) break;
  }
  CHECK(states() == std::vector<int>{ccbus::COMPLETE, ccbus::COMPLETE});
}

}  // namespace ccbus::test
