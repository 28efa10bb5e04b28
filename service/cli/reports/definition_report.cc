#include "service/cli/reports/definition_report.h"

#include <nlohmann/json.hpp>

#include "service/base/printable.h"
#include "service/cli/json/json_values.h"
#include "service/cli/terminal/table.h"
#include "service/ledger/policy/application_policy.h"

namespace ccbus::cli {
namespace {

constexpr const char* kUnchanged = "unchanged";  // The service's answer if it had nothing to do.

const char* name_of(IndexState state) {
  switch (state) {
    case COMPLETE: return "complete";
    case UNSUPPORTED: return "not supported";
    default: return "being built";
  }
}

// Of a service that does not tell a state, the index counts as being built.
IndexState state_of(const DefinedChaincode& chaincode, int index) {
  return index < chaincode.index_states_size() ? chaincode.index_states(index) : BEING_BUILT;
}

template <class Texts>
std::string joined(const Texts& texts) {
  std::string all;
  for (const std::string& text : texts) all += (all.empty() ? "" : ", ") + text;
  return all;
}

std::string rights_of(const CollectionConfig& collection) {
  if (collection.member_only_read() && collection.member_only_write()) return "read, write";
  if (collection.member_only_read()) return "read";
  return collection.member_only_write() ? "write" : "-";
}

std::string format_collections(const ChaincodeDefinition& definition) {
  if (definition.collections().empty()) return "No collections.\n";
  std::vector<Row> rows{{"COLLECTION", "POLICY", "MEMBERS", "MEMBERS ONLY", "ENDORSEMENT",
                         "BLOCKS TO LIVE", "PEERS"}};
  for (const CollectionConfig& one : definition.collections()) {
    rows.push_back({one.name(), one.policy(), joined(one.member_orgs()), rights_of(one),
                    ledger::format_application_policy(one.endorsement_policy()),
                    one.block_to_live() == 0 ? "-" : std::to_string(one.block_to_live()),
                    std::to_string(one.required_peer_count()) + " to " +
                        std::to_string(one.maximum_peer_count())});
  }
  return format_table(rows);
}

std::string format_indexes(const DefinedChaincode& chaincode) {
  const auto& indexes = chaincode.definition().indexes();
  if (indexes.empty()) return "No indexes.\n";
  std::vector<Row> rows{{"INDEX", "COLLECTION", "FIELDS", "ONLY WHERE", "STATE"}};
  for (int i = 0; i < indexes.size(); ++i) {
    const IndexConfig& one = indexes[i];
    rows.push_back({one.design_document() + "/" + one.name(),
                    one.collection().empty() ? "-" : one.collection(), joined(one.fields()),
                    one.partial_filter_selector().empty() ? "-" : one.partial_filter_selector(),
                    name_of(state_of(chaincode, i))});
  }
  return format_table(rows);
}

// The endorsement policy of a definition; without a type if it has none, or one that is unreadable.
protos::ApplicationPolicy policy_of(const ChaincodeDefinition& definition) {
  protos::ApplicationPolicy policy;
  if (!policy.ParseFromString(definition.validation_parameter())) policy.Clear();
  return policy;
}

// Its text or its path, null if there is none.
ordered_json policy_json(const protos::ApplicationPolicy& policy) {
  if (policy.Type_case() == protos::ApplicationPolicy::TYPE_NOT_SET) return nullptr;
  return ledger::format_application_policy(policy);
}

ordered_json collection_json(const CollectionConfig& collection) {
  return {{"name", collection.name()},
          {"policy", collection.policy()},
          {"member_orgs", std::vector<std::string>(collection.member_orgs().begin(),
                                                   collection.member_orgs().end())},
          {"required_peer_count", collection.required_peer_count()},
          {"maximum_peer_count", collection.maximum_peer_count()},
          {"block_to_live", collection.block_to_live()},
          {"member_only_read", collection.member_only_read()},
          {"member_only_write", collection.member_only_write()},
          {"endorsement_policy", policy_json(collection.endorsement_policy())}};
}

ordered_json index_json(const IndexConfig& index, IndexState state) {
  return {{"design_document", index.design_document()},
          {"name", index.name()},
          {"collection", index.collection()},
          {"fields", std::vector<std::string>(index.fields().begin(), index.fields().end())},
          {"partial_filter_selector", index.partial_filter_selector()},
          {"state", name_of(state)}};
}

ordered_json chaincode_json(const DefinedChaincode& chaincode) {
  const ChaincodeDefinition& definition = chaincode.definition();
  ordered_json report = {{"name", definition.name()},
                         {"version", definition.version()},
                         {"sequence", definition.sequence()},
                         {"init_required", definition.init_required()},
                         {"endorsement_policy", policy_json(policy_of(definition))},
                         {"collections", ordered_json::array()},
                         {"indexes", ordered_json::array()}};
  for (const CollectionConfig& one : definition.collections()) {
    report["collections"].push_back(collection_json(one));
  }
  for (int i = 0; i < definition.indexes_size(); ++i) {
    report["indexes"].push_back(index_json(definition.indexes(i), state_of(chaincode, i)));
  }
  return report;
}

}  // namespace

std::string format_definitions(const std::vector<DefinedChaincode>& chaincodes) {
  if (chaincodes.empty()) return "No chaincode is defined; without a definition one can run.\n";
  std::vector<Row> rows{{"CHAINCODE", "VERSION", "SEQUENCE", "INIT", "COLLECTIONS", "INDEXES"}};
  for (const DefinedChaincode& chaincode : chaincodes) {
    const ChaincodeDefinition& definition = chaincode.definition();
    rows.push_back({definition.name(), definition.version(), std::to_string(definition.sequence()),
                    definition.init_required() ? "required" : "-",
                    std::to_string(definition.collections_size()),
                    std::to_string(definition.indexes_size())});
  }
  return format_table(rows);
}

std::string format_definition(const DefinedChaincode& chaincode) {
  const ChaincodeDefinition& definition = chaincode.definition();
  const std::string policy = ledger::format_application_policy(policy_of(definition));
  return printable(definition.name()) + ", version " + printable(definition.version()) +
         ", sequence " + std::to_string(definition.sequence()) +
         (definition.init_required() ? ", init required" : "") +
         "\nEndorsement: " + (policy == "-" ? "the channel's policy" : printable(policy)) + "\n\n" +
         format_collections(definition) + "\n" + format_indexes(chaincode);
}

std::string definitions_json(const client::Reply& reply,
                             const std::vector<DefinedChaincode>& chaincodes) {
  ordered_json report = outcome_json(reply);
  report["chaincodes"] = ordered_json::array();
  for (const DefinedChaincode& chaincode : chaincodes) {
    report["chaincodes"].push_back(chaincode_json(chaincode));
  }
  return report.dump();
}

std::string describe_defined(const DefineRequest& request, const client::Reply& reply) {
  const ChaincodeDefinition& definition = request.definition();
  const SubmitResponse& submit = reply.response.submit();
  if (submit.result().message() == kUnchanged) {
    return "unchanged: " + definition.name() + " is defined like this already";
  }
  return "defined " + definition.name() + " " + definition.version() + " on " +
         request.channel_id() + ": " + std::to_string(definition.collections_size()) +
         " collections, " + std::to_string(definition.indexes_size()) + " indexes, block " +
         std::to_string(submit.block_number());
}

std::string note_of_defined(const client::Reply& reply) {
  const std::string& message = reply.response.submit().result().message();
  return message == kUnchanged ? "" : message;
}

}  // namespace ccbus::cli
