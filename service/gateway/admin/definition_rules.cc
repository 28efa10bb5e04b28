#include "service/gateway/admin/definition_rules.h"

#include <set>
#include <string>
#include <string_view>

#include "service/base/limits.h"
#include "service/base/name_rule.h"
#include "service/base/parse_message.h"
#include "service/chaincode/message/chaincode_name.h"
#include "service/ledger/policy/application_policy.h"
#include "service/ledger/policy/channel_config.h"
#include "service/ledger/state/definition.h"

namespace ccbus::gateway {
namespace {

constexpr int kCollectionsMax = 1'000;
constexpr int kIndexesMax = 100;
constexpr std::size_t kNameBytesMax = Limits{}.name_bytes_max;

// Fabric's ^[A-Za-z0-9-]+([A-Za-z0-9_-]+)*$.
constexpr NameRule kCollectionName{kLettersAndDigits | "-", kLettersAndDigits | "-_"};
constexpr NameRule kChaincodeVersion{kLettersAndDigits | "_.+-", kLettersAndDigits | "_.+-"};

unexpected<Error> invalid(const std::string& what, const std::string& value,
                          const std::string& rule) {
  return fail(ErrorCode::kInvalid, what + " '" + value + "' " + rule);
}

Result<void> complete_members(ccbus::CollectionConfig& collection) {
  const std::string& name = collection.name();
  if (collection.policy().empty()) {
    return fail(ErrorCode::kInvalid,
                "collection member policy is not set for collection '" + name + "'");
  }
  const auto members = ledger::members_of(collection.policy());
  if (!members) {
    return fail(ErrorCode::kInvalid, "collection-name: " + name + " -- " + members.error().message);
  }
  collection.mutable_member_orgs()->Assign(members->begin(), members->end());
  return {};
}

Result<void> check_policy(const std::string& what, const std::string& value,
                          const protos::ApplicationPolicy& policy) {
  const auto checked = ledger::check_application_policy(policy);
  if (checked) return {};
  return invalid(what, value,
                 "has an endorsement policy that cannot be used: " + checked.error().message);
}

Result<void> check_validation_parameter(const ccbus::ChaincodeDefinition& definition) {
  if (definition.validation_parameter().empty()) return {};
  protos::ApplicationPolicy policy;
  if (!parse(policy, definition.validation_parameter())) {
    return invalid("chaincode", definition.name(),
                   "has a validation parameter that is not an encoded ApplicationPolicy");
  }
  return check_policy("chaincode", definition.name(), policy);
}

Result<void> complete_collection(ccbus::CollectionConfig& collection) {
  const std::string& name = collection.name();
  if (!is_name(name, kCollectionName, kNameBytesMax)) {
    return invalid("collection name", name,
                   "is not made of letters, digits, dashes and, not first, underscores (at most " +
                       std::to_string(kNameBytesMax) + " bytes)");
  }
  if (collection.required_peer_count() < 0 ||
      collection.maximum_peer_count() < collection.required_peer_count()) {
    return invalid("collection", name,
                   "has a maxPeerCount of " + std::to_string(collection.maximum_peer_count()) +
                       " and a requiredPeerCount of " +
                       std::to_string(collection.required_peer_count()) +
                       ": neither may be negative, nor the first below the second");
  }
  if (collection.has_endorsement_policy()) {
    const auto checked = check_policy("collection", name, collection.endorsement_policy());
    if (!checked) return checked;
  }
  return complete_members(collection);
}

Result<void> check_reference(const ccbus::ChannelConfig& config,
                             const protos::ApplicationPolicy& policy) {
  const std::string& path = policy.channel_config_policy_reference();
  if (path.empty() || ledger::policy_of(config, path) != nullptr) return {};
  return fail(ErrorCode::kPrecondition, "the channel has no policy " + path);
}

Result<void> check_index(const ccbus::IndexConfig& index,
                         const std::set<std::string>& collections) {
  if (index.name().empty() || index.name().size() > kNameBytesMax) {
    return invalid("index name", index.name(),
                   "has to have 1 to " + std::to_string(kNameBytesMax) + " bytes");
  }
  if (auto kept = ledger::check_index(index); !kept) return kept;
  if (!index.collection().empty() && !collections.contains(index.collection())) {
    return invalid("index", index.name(),
                   "is for the collection '" + index.collection() + "', which is not defined");
  }
  return {};
}

}  // namespace

Result<void> complete_definition(ccbus::ChaincodeDefinition& definition) {
  if (!is_name(definition.name(), chaincode::kChaincodeNameRule, kNameBytesMax)) {
    return invalid("chaincode name", definition.name(),
                   "does not begin with a letter or a digit, or holds more than those and _.+- (at "
                   "most " +
                       std::to_string(kNameBytesMax) + " bytes)");
  }
  if (!is_name(definition.version(), kChaincodeVersion, kNameBytesMax)) {
    return invalid("chaincode version", definition.version(),
                   "is not made of letters, digits and _.+- (1 to " +
                       std::to_string(kNameBytesMax) + " bytes)");
  }
  if (definition.collections_size() > kCollectionsMax || definition.indexes_size() > kIndexesMax) {
    return invalid("chaincode", definition.name(),
                   "has " + std::to_string(definition.collections_size()) + " collections and " +
                       std::to_string(definition.indexes_size()) + " indexes: the limits are " +
                       std::to_string(kCollectionsMax) + " and " + std::to_string(kIndexesMax));
  }
  if (auto checked = check_validation_parameter(definition); !checked) return checked;
  std::set<std::string> collections;
  for (ccbus::CollectionConfig& collection : *definition.mutable_collections()) {
    if (auto completed = complete_collection(collection); !completed) return completed;
    if (!collections.insert(collection.name()).second) {
      return invalid("collection", collection.name(), "is defined twice");
    }
  }
  std::set<std::string> indexes;
  for (const ccbus::IndexConfig& index : definition.indexes()) {
    if (auto checked = check_index(index, collections); !checked) return checked;
    if (!indexes.insert(index.collection() + '\0' + index.design_document() + '\0' + index.name())
             .second) {
      return invalid("index", index.name(), "is defined twice");
    }
  }
  return {};
}

Result<void> check_channel_has(const ccbus::ChannelConfig& config,
                               const ccbus::ChaincodeDefinition& definition) {
  protos::ApplicationPolicy policy;
  if (parse(policy, definition.validation_parameter())) {
    if (auto checked = check_reference(config, policy); !checked) return checked;
  }
  for (const ccbus::CollectionConfig& collection : definition.collections()) {
    for (const std::string& member : collection.member_orgs()) {
      if (ledger::find_organization(config, member) != nullptr) continue;
      return fail(ErrorCode::kPrecondition, "collection-name: " + collection.name() +
                                                " -- collection member '" + member +
                                                "' is not part of the channel");
    }
    auto checked = check_reference(config, collection.endorsement_policy());
    if (!checked) return checked;
  }
  return {};
}

}  // namespace ccbus::gateway
