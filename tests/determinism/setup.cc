#include "tests/determinism/setup.h"

#include <stdexcept>
#include <utility>
#include <vector>

#include "service/ledger/policy/application_policy.h"
#include "service/ledger/policy/channel_config.h"
#include "service/ledger/policy/signature_policy_text.h"
#include "service/ledger/state/definition.h"
#include "tests/determinism/log_file.h"

namespace ccbus::determinism {
namespace {

void add_index(ccbus::ChaincodeDefinition& definition, const std::string& collection,
               const std::string& name, const std::vector<std::string>& fields) {
  ccbus::IndexConfig& index = *definition.add_indexes();
  index.set_collection(collection);
  index.set_design_document("d");
  index.set_name(name);
  for (const std::string& field : fields) index.add_fields(field);
}

// "basic", which the transactions invoke as a rule, is not defined yet.
void invoke_lifecycle(test::TransactionParts& parts) {
  const std::string name(ledger::kLifecycleNamespace);
  protos::ChaincodeHeaderExtension extension;
  extension.mutable_chaincode_id()->set_name(name);
  parts.channel_header.set_extension(extension.SerializeAsString());
  parts.action.mutable_chaincode_id()->set_name(name);
}

ccbus::CollectionConfig& add_collection(ccbus::ChaincodeDefinition& definition,
                                        const std::string& name, std::uint64_t block_to_live) {
  ccbus::CollectionConfig& collection = *definition.add_collections();
  collection.set_name(name);
  collection.set_policy("OR('Org1MSP.member','Org2MSP.member')");
  collection.add_member_orgs("Org1MSP");
  collection.add_member_orgs("Org2MSP");
  collection.set_block_to_live(block_to_live);
  return collection;
}

}  // namespace

ccbus::ChannelConfig channel_config(const Author& author, std::uint64_t sequence) {
  std::vector<msp::MSPConfig> organizations;
  for (const Organization& organization : author.organizations()) {
    organizations.push_back(organization.msp(sequence > 1));
  }
  ccbus::ChannelConfig config = must(ledger::default_channel_config(organizations));
  config.set_sequence(sequence);
  config.set_definitions_required(true);
  return config;
}

std::string policy(const std::string& text) {
  return must(ledger::parse_signature_policy(text)).SerializeAsString();
}

ccbus::ChaincodeDefinition basic_definition(std::uint64_t sequence) {
  ccbus::ChaincodeDefinition definition;
  definition.set_name("basic");
  definition.set_version("1.0");
  definition.set_sequence(sequence);
  definition.set_validation_parameter(
      must(ledger::make_application_policy("OR('Org1MSP.peer','Org2MSP.peer')", ""))
          .SerializeAsString());
  add_collection(definition, kLasting, 0);
  add_collection(definition, kShortLived, 3);
  *add_collection(definition, kStrictOnes, 0).mutable_endorsement_policy() =
      must(ledger::make_application_policy("AND('Org1MSP.peer','Org2MSP.peer')", ""));
  add_index(definition, "", "by-color", {"color"});
  if (sequence % 2 == 0) add_index(definition, "", "by-size", {"size", "color"});
  add_index(definition, kLasting, "private-color", {"color"});
  return definition;
}

ccbus::ChaincodeDefinition strict_definition() {
  ccbus::ChaincodeDefinition definition;
  definition.set_name("strict");
  definition.set_version("1.0");
  definition.set_sequence(1);
  definition.set_validation_parameter(
      must(ledger::make_application_policy("AND('Org1MSP.peer','Org2MSP.peer','Org3MSP.peer')", ""))
          .SerializeAsString());
  return definition;
}

void set_up(Author& author) {
  author.entry({{"r1", 0, 0}, ordering::Join{"nonce", {"tcp://a:7051"}}});
  // Before a channel has a configuration, no signature is looked at.
  Draft free = author.begin();
  must(free->set_state("basic", "before", "{\"color\":\"grey\"}"));
  author.bundle({author.envelope(std::move(free), {})});

  Draft configure = author.begin();
  must(configure->set_state(ledger::kChannelNamespace, ledger::kChannelConfigKey,
                            ledger::encode_channel_config(channel_config(author, 1))));
  author.bundle({author.envelope(std::move(configure), {})});

  Signers all;
  for (const Organization& each : author.organizations()) all.endorsers.push_back(&each.peer);
  std::vector<OrderedEnvelope> definitions;
  for (const auto& definition : {basic_definition(1), strict_definition()}) {
    Draft define = author.begin();
    must(define->set_state(ledger::kLifecycleNamespace, definition.name(),
                           definition.SerializeAsString()));
    definitions.push_back(author.envelope(std::move(define), all, invoke_lifecycle));
  }
  author.bundle(std::move(definitions));
  if (author.codes().size() != 1 || !author.codes().contains("VALID")) {
    throw std::runtime_error("the channel cannot be set up: " + author.last_failure());
  }
  author.foreign("written by somebody else");
}

}  // namespace ccbus::determinism
