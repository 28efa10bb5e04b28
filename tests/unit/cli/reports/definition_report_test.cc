#include "service/cli/reports/definition_report.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "service/ledger/policy/application_policy.h"

using namespace ccbus::cli;

namespace {

ccbus::DefinedChaincode trade() {
  ccbus::DefinedChaincode chaincode;
  auto& definition = *chaincode.mutable_definition();
  definition.set_name("trade");
  definition.set_version("1.1");
  definition.set_sequence(2);
  definition.set_init_required(true);
  definition.set_validation_parameter(
      ccbus::ledger::make_application_policy("AND('Org1MSP.peer','Org2MSP.peer')", "")
          ->SerializeAsString());
  auto& collection = *definition.add_collections();
  collection.set_name("deals");
  collection.set_policy("OR('Org1MSP.member','Org2MSP.member')");
  for (const char* member : {"Org1MSP", "Org2MSP"}) collection.add_member_orgs(member);
  collection.set_maximum_peer_count(1);
  collection.set_block_to_live(7);
  collection.set_member_only_read(true);
  collection.mutable_endorsement_policy()->set_channel_config_policy_reference(
      "/Channel/Application/Org1MSP/Endorsement");
  for (const char* name : {"by-owner", "by-price", "by-all"}) {
    auto& index = *definition.add_indexes();
    index.set_design_document("_design/assets");
    index.set_name(name);
    index.add_fields("owner");
    index.add_fields("price");
  }
  definition.mutable_indexes(1)->set_collection("deals");
  definition.mutable_indexes(1)->set_partial_filter_selector(R"({"sold":false})");
  chaincode.add_index_states(ccbus::COMPLETE);
  chaincode.add_index_states(ccbus::BEING_BUILT);
  chaincode.add_index_states(ccbus::UNSUPPORTED);
  return chaincode;
}

}  // namespace

TEST_CASE("the list of definitions has a line for each chaincode", "[cli][issue-15]") {
  ccbus::DefinedChaincode plain;
  plain.mutable_definition()->set_name("basic");
  plain.mutable_definition()->set_version("1.0");
  plain.mutable_definition()->set_sequence(1);
  CHECK(format_definitions({plain, trade()}) ==
        "CHAINCODE  VERSION  SEQUENCE  INIT      COLLECTIONS  INDEXES\n"
        "basic      1.0      1         -         0            0\n"
        "trade      1.1      2         required  1            3\n");
  CHECK(format_definitions({}) == "No chaincode is defined; without a definition one can run.\n");
}

TEST_CASE("a definition is shown whole, with how far its indexes are", "[cli][issue-15]") {
  CHECK(format_definition(trade()) ==
        "trade, version 1.1, sequence 2, init required\n"
        "Endorsement: AND('Org1MSP.peer', 'Org2MSP.peer')\n"
        "\n"
        "COLLECTION  POLICY                                 MEMBERS           MEMBERS ONLY  "
        "ENDORSEMENT                               BLOCKS TO LIVE  PEERS\n"
        "deals       OR('Org1MSP.member','Org2MSP.member')  Org1MSP, Org2MSP  read          "
        "/Channel/Application/Org1MSP/Endorsement  7               0 to 1\n"
        "\n"
        "INDEX                    COLLECTION  FIELDS        ONLY WHERE      STATE\n"
        "_design/assets/by-owner  -           owner, price  -               complete\n"
        "_design/assets/by-price  deals       owner, price  {\"sold\":false}  being built\n"
        "_design/assets/by-all    -           owner, price  -               not supported\n");
  ccbus::DefinedChaincode plain;
  plain.mutable_definition()->set_name("basic");
  plain.mutable_definition()->set_version("1.0");
  CHECK(format_definition(plain) ==
        "basic, version 1.0, sequence 0\nEndorsement: the channel's policy\n\nNo "
        "collections.\n\nNo indexes.\n");
}

TEST_CASE("definitions as JSON hold all that is shown", "[cli][issue-15]") {
  const auto report = nlohmann::json::parse(definitions_json({}, {trade()}));
  CHECK(report.at("ok") == true);
  const auto& shown = report.at("chaincodes").at(0);
  CHECK(shown.at("name") == "trade");
  CHECK(shown.at("version") == "1.1");
  CHECK(shown.at("sequence") == 2);
  CHECK(shown.at("init_required") == true);
  CHECK(shown.at("collections").at(0).at("member_orgs") ==
        nlohmann::json::array({"Org1MSP", "Org2MSP"}));
  CHECK(shown.at("collections").at(0).at("block_to_live") == 7);
  CHECK(shown.at("collections").at(0).at("member_only_write") == false);
  CHECK(shown.at("collections").at(0).at("endorsement_policy") ==
        "/Channel/Application/Org1MSP/Endorsement");
  CHECK(shown.at("endorsement_policy") == "AND('Org1MSP.peer', 'Org2MSP.peer')");
  const auto of_none = nlohmann::json::parse(definitions_json({}, {ccbus::DefinedChaincode()}));
  CHECK(of_none.at("chaincodes").at(0).at("endorsement_policy").is_null());
  CHECK(shown.at("indexes").at(1).at("state") == "being built");
  CHECK(shown.at("indexes").at(1).at("collection") == "deals");
  CHECK(shown.at("indexes").at(2).at("state") == "not supported");
}
