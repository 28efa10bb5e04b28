#include "service/ledger/validate/endorsement_validator.h"

#include <utility>

#include "fabric/common/policies.pb.h"
#include "fabric/msp/msp_principal.pb.h"
#include "fabric/peer/policy.pb.h"
#include "service/base/hex.h"
#include "service/base/parse_message.h"
#include "service/ledger/block/lifecycle_namespace.h"
#include "service/ledger/block/metadata.h"
#include "service/ledger/policy/channel_config.h"
#include "service/ledger/state/definition.h"
#include "service/ledger/state/derived_namespace.h"

namespace ccbus::ledger {
namespace {

// Fabric's name of the metadata entry in which chaincode sets a key's policy.
constexpr const char* kValidationParameter = "VALIDATION_PARAMETER";

EndorsementVerdict policy_failure(std::string reason) {
  return {protos::ENDORSEMENT_POLICY_FAILURE, std::move(reason)};
}

// `what()` says what was validated.
template <class What>
EndorsementVerdict unless_satisfied(const PolicyDecision& decision, const Version& tx, What what) {
  if (decision.is_satisfied) return {};
  return policy_failure("validation of " + what() + " in tx " + std::to_string(tx.block_num) + ":" +
                        std::to_string(tx.tx_num) + " failed: " + decision.reason);
}

bool is_valid(const Result<EndorsementVerdict>& verdict) {
  return verdict && verdict->code == protos::VALID;
}

// As Fabric's txWritesToNamespace.
bool writes(const NamespaceRwset& set) {
  if (set.kv.writes_size() > 0 || set.kv.metadata_writes_size() > 0) return true;
  for (const HashedCollection& collection : set.collections) {
    if (collection.hashed.hashed_writes_size() > 0) return true;
    if (collection.hashed.metadata_writes_size() > 0) return true;
  }
  return false;
}

// Hashes are shown in hexadecimal digits.
std::string shown_key(std::string_view collection, std::string_view key) {
  return collection.empty() ? std::string(key) : to_hex(key);
}

// The endorsement policy of the organisation; a signature of any of its members if it has none.
std::string implicit_collection_policy(std::string_view msp_id, const ChannelPolicies& policies) {
  protos::ApplicationPolicy policy;
  const std::string path = policy_path(msp_id, "Endorsement");
  if (policies.has(path)) {
    policy.set_channel_config_policy_reference(path);
    return policy.SerializeAsString();
  }
  common::MSPRole member;
  member.set_msp_identifier(std::string(msp_id));
  common::SignaturePolicyEnvelope& envelope = *policy.mutable_signature_policy();
  envelope.add_identities()->set_principal(member.SerializeAsString());
  envelope.mutable_rule()->mutable_n_out_of()->set_n(1);
  envelope.mutable_rule()->mutable_n_out_of()->add_rules()->set_signed_by(0);
  return policy.SerializeAsString();
}

}  // namespace

std::string EndorsementValidator::key_id(std::string_view ns, std::string_view collection,
                                         std::string_view key) {
  // The first two have a length, so that no two keys have one id.
  return std::to_string(ns.size())
      .append("/")
      .append(std::to_string(collection.size()))
      .append("/")
      .append(ns)
      .append(collection)
      .append(key);
}

Result<EndorsementVerdict> EndorsementValidator::judge(std::uint64_t place,
                                                       const EndorsedTransaction& transaction) {
  auto definition = definition_of(transaction.chaincode);
  if (!definition) return unexpected(definition.error());
  if (*definition != nullptr && transaction.chaincode_version.empty()) {
    return EndorsementVerdict{protos::INVALID_CHAINCODE, "invalid chaincode version"};
  }
  const Version tx{block_, place};
  const NamespaceRwset* invoked = nullptr;
  for (const NamespaceRwset& set : transaction.rwset) {
    if (set.ns == transaction.chaincode) invoked = &set;
  }
  Asked asked{transaction.chaincode, tx, transaction.signers, false, false, {}};
  auto verdict = judge_namespace(invoked, asked);
  if (!verdict) return verdict;
  std::vector<const NamespaceRwset*> satisfied;
  if (is_valid(verdict) && invoked != nullptr) satisfied.push_back(invoked);
  for (const NamespaceRwset& set : transaction.rwset) {
    if (&set == invoked || !writes(set)) continue;
    Asked of_other{set.ns, tx, transaction.signers, false, false, {}};
    auto other = judge_namespace(&set, of_other);
    if (!other) return other;
    if (is_valid(other)) satisfied.push_back(&set);
    if (is_valid(verdict)) verdict = std::move(other);
  }
  // Only now: a transaction is not in its own way.
  for (const NamespaceRwset* const set : satisfied) record_metadata_writes(*set);
  return verdict;
}

Result<EndorsementVerdict> EndorsementValidator::judge_namespace(const NamespaceRwset* set,
                                                                 Asked& asked) {
  const bool is_system = asked.ns == kLifecycleNamespace || asked.ns == kChannelNamespace;
  if (policies_.config().definitions_required() && !is_system) {
    auto definition = definition_of(asked.ns);
    if (!definition) return unexpected(definition.error());
    if (*definition == nullptr) {
      return EndorsementVerdict{
          protos::INVALID_CHAINCODE,
          "chaincode definition for [" + std::string(asked.ns) + "] not found"};
    }
  }
  Result<EndorsementVerdict> verdict;
  const auto judged = [&](std::string_view collection, std::string_view key) {
    verdict = judge_key(collection, key, asked);
    return is_valid(verdict);
  };
  if (set != nullptr) {
    for (const auto& write : set->kv.writes()) {
      if (!judged({}, write.key())) return verdict;
    }
    for (const auto& write : set->kv.metadata_writes()) {
      if (!judged({}, write.key())) return verdict;
    }
    for (const HashedCollection& collection : set->collections) {
      for (const auto& write : collection.hashed.hashed_writes()) {
        if (!judged(collection.name, write.key_hash())) return verdict;
      }
    }
    for (const HashedCollection& collection : set->collections) {
      for (const auto& write : collection.hashed.metadata_writes()) {
        if (!judged(collection.name, write.key_hash())) return verdict;
      }
    }
  }
  return asked.is_any_asked ? EndorsementVerdict{} : judge_chaincode(asked);
}

Result<EndorsementVerdict> EndorsementValidator::judge_key(std::string_view collection,
                                                           std::string_view key, Asked& asked) {
  const std::string ns(asked.ns);
  if (!updated_keys_.empty() && updated_keys_.contains(key_id(ns, collection, key))) {
    return policy_failure("validation parameters for key [" + shown_key(collection, key) +
                          "] in namespace [" + ns + ":" + std::string(collection) +
                          "] have been changed in transaction " + std::to_string(asked.tx.tx_num) +
                          " of block " + std::to_string(block_));
  }
  auto parameter = validation_parameter(collection, key, ns);
  if (!parameter) return unexpected(parameter.error());
  if (parameter->empty()) {
    return collection.empty() ? judge_chaincode(asked) : judge_collection(collection, asked);
  }
  common::SignaturePolicyEnvelope policy;
  if (!parse(policy, *parameter)) {
    const std::string in_collection = collection.empty() ? "" : std::string(collection).append(":");
    return policy_failure("could not translate policy for " + ns + ":" + in_collection +
                          shown_key(collection, key) +
                          ": could not unmarshal signature policy envelope");
  }
  auto verdict = unless_satisfied(decide(policy, asked.signers, identities_), asked.tx, [&] {
    return "key " + shown_key(collection, key) + " (coll'" + std::string(collection) + "':ns'" +
           ns + "')";
  });
  if (verdict.code == protos::VALID) asked.is_any_asked = true;
  return verdict;
}

Result<EndorsementVerdict> EndorsementValidator::judge_collection(std::string_view collection,
                                                                  Asked& asked) {
  if (asked.collections.contains(collection)) return EndorsementVerdict{};
  auto policy = policy_of_collection(asked.ns, collection);
  if (!policy) return unexpected(policy.error());
  if (!policy->failure.empty()) return policy_failure(std::move(policy->failure));
  if (policy->application_policy.empty()) return judge_chaincode(asked);
  auto verdict = unless_satisfied(
      policies_.evaluate(policy->application_policy, asked.signers, identities_), asked.tx, [&] {
        return "endorsement policy for collection " + std::string(collection) + " chaincode " +
               std::string(asked.ns);
      });
  if (verdict.code == protos::VALID) {
    asked.collections.emplace(collection);
    asked.is_any_asked = true;
  }
  return verdict;
}

Result<EndorsementVerdict> EndorsementValidator::judge_chaincode(Asked& asked) {
  if (asked.is_chaincode_asked) return EndorsementVerdict{};
  auto decision = decide_chaincode(asked);
  if (!decision) return unexpected(decision.error());
  auto verdict = unless_satisfied(*decision, asked.tx, [&] {
    return "endorsement policy for chaincode " + std::string(asked.ns);
  });
  if (verdict.code == protos::VALID) asked.is_chaincode_asked = asked.is_any_asked = true;
  return verdict;
}

Result<PolicyDecision> EndorsementValidator::decide_chaincode(const Asked& asked) {
  const auto at = [&](std::string_view path) {
    return policies_.evaluate_at(path, asked.signers, identities_);
  };
  if (asked.ns == kLifecycleNamespace) return at(kLifecyclePolicyPath);
  if (asked.ns == kChannelNamespace) return at(kAdminsPolicyPath);
  auto definition = definition_of(asked.ns);
  if (!definition) return unexpected(definition.error());
  if (*definition == nullptr || (*definition)->validation_parameter().empty()) {
    return at(kEndorsementPolicyPath);
  }
  return policies_.evaluate((*definition)->validation_parameter(), asked.signers, identities_);
}

// All metadata count, as in Fabric, whatever their names are.
void EndorsementValidator::record_metadata_writes(const NamespaceRwset& set) {
  for (const auto& write : set.kv.metadata_writes()) {
    updated_keys_.insert(key_id(set.ns, {}, write.key()));
  }
  for (const HashedCollection& collection : set.collections) {
    for (const auto& write : collection.hashed.metadata_writes()) {
      updated_keys_.insert(key_id(set.ns, collection.name, write.key_hash()));
    }
  }
}

Result<const ccbus::ChaincodeDefinition*> EndorsementValidator::definition_of(
    std::string_view chaincode) {
  auto known = definitions_.find(chaincode);
  if (known == definitions_.end()) {
    auto found = find_definition(committed_, chaincode);
    if (!found) return unexpected(found.error());
    known = definitions_.emplace(chaincode, std::move(*found)).first;
  }
  return known->second ? &*known->second : nullptr;
}

Result<EndorsementValidator::CollectionPolicy> EndorsementValidator::policy_of_collection(
    std::string_view chaincode, std::string_view collection) {
  if (const auto msp_id = owner_of_implicit_collection(collection)) {
    if (find_organization(policies_.config(), *msp_id) == nullptr) {
      return CollectionPolicy{{},
                              "no org found in channel with MSPID '" + std::string(*msp_id) + "'"};
    }
    return CollectionPolicy{implicit_collection_policy(*msp_id, policies_), {}};
  }
  auto definition = definition_of(chaincode);
  if (!definition) return unexpected(definition.error());
  const ccbus::CollectionConfig* const config =
      *definition == nullptr ? nullptr : find_collection(**definition, collection);
  if (config == nullptr) {
    return CollectionPolicy{{}, "no such collection '" + std::string(collection) + "'"};
  }
  if (!config->has_endorsement_policy()) return CollectionPolicy{};
  return CollectionPolicy{config->endorsement_policy().SerializeAsString(), {}};
}

Result<std::string> EndorsementValidator::validation_parameter(std::string_view collection,
                                                               std::string_view key,
                                                               std::string_view ns) {
  if (!committed_.may_have_metadata()) return std::string();
  const std::string of_hashes = collection.empty() ? "" : hash_namespace(ns, collection);
  const auto found = committed_.read(collection.empty() ? ns : of_hashes, key, read_);
  if (!found) return unexpected(found.error());
  if (!*found || read_.metadata.empty()) return std::string();
  auto metadata = metadata_of(read_);
  if (!metadata) return unexpected(metadata.error());
  return std::move((*metadata)[kValidationParameter]);
}

}  // namespace ccbus::ledger
