#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "ccbus/definition.pb.h"
#include "fabric/peer/transaction.pb.h"
#include "service/base/result.h"
#include "service/ledger/block/rwset.h"
#include "service/ledger/block/version.h"
#include "service/ledger/policy/channel_policies.h"
#include "service/ledger/policy/identities.h"
#include "service/ledger/state/state_view.h"

namespace ccbus::ledger {

// What the endorsements of one transaction are judged by.
struct EndorsedTransaction {
  std::string_view chaincode;          // The one that was invoked.
  std::string_view chaincode_version;  // As the endorsers have it (ChaincodeAction.chaincode_id).
  const TxRwset& rwset;                // Sound: read_body() gave it.
  const std::vector<std::string>& signers;  // As check_signatures() gives them.
};

struct EndorsementVerdict {
  protos::TxValidationCode code = protos::VALID;  // Up to now: reads are not looked at.
  std::string reason;                             // If not, for people: Fabric's words.
};

// Judges whether the transactions of one block have the endorsements that they need. The invoked
// chaincode's namespace and every other one that is written has to satisfy its policies:
//  - a key that has one (metadata VALIDATION_PARAMETER) its own;
//  - another key of a collection the collection's, if it has one;
//  - all others, and a transaction that writes nothing, the chaincode's.
// Each policy of a namespace and collection is asked once. Metadata that are written need the
// policy that was in force before. Within the block, a transaction fails that writes a key whose
// metadata an earlier one has written, if that one has satisfied its policies for this namespace:
// whether it will be valid is not known yet.
//
// Of the namespaces the invoked chaincode's is judged first, the others in the order of the set;
// all of them are judged, and the first failure is the verdict.
//
// Everything is as of the state below the block: definitions, policies of keys, and the
// configuration of the channel. Pure, except for what `committed` reads: every replica gets the
// same.
//
// Lifetime: what the constructor takes must outlive the validator, which is for one block.
// Thread:   one.
// Source:   Fabric's core/common/validation/statebased and
//           core/committer/txvalidator/v20/plugindispatcher. There, a stored policy that cannot be
//           decoded stops the channel; here it is one that nobody satisfies.
class EndorsementValidator {
 public:
  EndorsementValidator(std::uint64_t block, const ChannelPolicies& policies,
                       const Identities& identities, const StateView& committed)
      : block_(block), policies_(policies), identities_(identities), committed_(committed) {}

  // Judges the transaction at this place of the block. The transactions have to come in order;
  // those that are invalid before their endorsements count are left out, but not one whose id an
  // earlier transaction of the block has.
  //
  // Codes:  ENDORSEMENT_POLICY_FAILURE; INVALID_CHAINCODE if a written chaincode has no definition
  //         and the configuration asks for one, or the invoked one is defined and its version
  //         empty.
  // Errors: those of the view; kCorrupt if a definition cannot be decoded.
  [[nodiscard]] Result<EndorsementVerdict> judge(std::uint64_t place,
                                                 const EndorsedTransaction& transaction);

 private:
  // The policies that were satisfied for one namespace of one transaction.
  struct Asked {
    std::string_view ns;
    Version tx;
    const std::vector<std::string>& signers;
    bool is_any_asked = false;
    bool is_chaincode_asked = false;
    std::set<std::string, std::less<>> collections;
  };

  // A policy that is asked for a collection, or why there is none to ask.
  struct CollectionPolicy {
    std::string application_policy;  // Encoded; empty: the chaincode's counts.
    std::string failure;
  };

  // Empty collection: public keys. Otherwise the key is a hash.
  [[nodiscard]] static std::string key_id(std::string_view ns, std::string_view collection,
                                          std::string_view key);

  [[nodiscard]] Result<EndorsementVerdict> judge_namespace(const NamespaceRwset* set, Asked& asked);
  [[nodiscard]] Result<EndorsementVerdict> judge_key(std::string_view collection,
                                                     std::string_view key, Asked& asked);
  [[nodiscard]] Result<EndorsementVerdict> judge_collection(std::string_view collection,
                                                            Asked& asked);
  [[nodiscard]] Result<EndorsementVerdict> judge_chaincode(Asked& asked);
  [[nodiscard]] Result<PolicyDecision> decide_chaincode(const Asked& asked);
  void record_metadata_writes(const NamespaceRwset& set);

  // Null if the channel does not have one.
  [[nodiscard]] Result<const ccbus::ChaincodeDefinition*> definition_of(std::string_view chaincode);
  [[nodiscard]] Result<CollectionPolicy> policy_of_collection(std::string_view chaincode,
                                                              std::string_view collection);
  // The key's own policy, empty if it has none.
  [[nodiscard]] Result<std::string> validation_parameter(std::string_view collection,
                                                         std::string_view key, std::string_view ns);

  const std::uint64_t block_;
  const ChannelPolicies& policies_;
  const Identities& identities_;
  const StateView& committed_;

  std::map<std::string, std::optional<ccbus::ChaincodeDefinition>, std::less<>> definitions_;
  std::set<std::string, std::less<>> updated_keys_;  // By key_id().
  VersionedValue read_;                              // Its memory is used again.
};

}  // namespace ccbus::ledger
