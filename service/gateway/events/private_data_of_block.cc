#include "service/gateway/events/private_data_of_block.h"

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "fabric/msp/identities.pb.h"
#include "service/base/parse_message.h"
#include "service/ledger/block/block.h"
#include "service/ledger/commit/private_writes.h"
#include "service/ledger/commit/state_snapshot.h"
#include "service/ledger/policy/channel_trust.h"
#include "service/ledger/policy/signature_policy.h"
#include "service/ledger/policy/signature_policy_text.h"
#include "service/ledger/state/definition.h"

namespace ccbus::gateway {
namespace {

using ledger::ChannelTrust;
using ledger::StateSnapshot;

// The collections that one valid identity is a member of, each looked up once.
class Memberships {
 public:
  // The references outlive it.
  Memberships(const std::string& identity, std::string msp_id, const ChannelTrust& trust,
              const StateSnapshot& state)
      : identity_(identity), msp_id_(std::move(msp_id)), trust_(trust), state_(state) {}

  [[nodiscard]] Result<bool> has(const std::string& chaincode, const std::string& collection) {
    const auto known = known_.find({chaincode, collection});
    if (known != known_.end()) return known->second;
    auto found = look_up(chaincode, collection);
    if (found) known_[{chaincode, collection}] = *found;
    return found;
  }

 private:
  [[nodiscard]] Result<bool> look_up(const std::string& chaincode,
                                     const std::string& collection) const {
    if (const auto owner = ledger::owner_of_implicit_collection(collection)) {
      return *owner == msp_id_;
    }
    const auto definition = ledger::find_definition(state_, chaincode);
    if (!definition) return unexpected(definition.error());
    if (!*definition) return false;
    const auto* const found = ledger::find_collection(**definition, collection);
    if (found == nullptr) return false;
    const auto policy = ledger::parse_signature_policy(found->policy());
    if (!policy) return false;  // Nobody satisfies it.
    const auto satisfied = ledger::is_satisfied(*policy, {identity_}, trust_.identities());
    return satisfied && *satisfied;
  }

  const std::string& identity_;
  const std::string msp_id_;
  const ChannelTrust& trust_;
  const StateSnapshot& state_;
  std::map<std::pair<std::string, std::string>, bool> known_;
};

}  // namespace

Result<ccbus::BlockPrivateData> private_data_for(const std::string& signer,
                                                 const common::Block& block,
                                                 const ledger::ChannelLedger& ledger) {
  const auto state = ledger.whole_snapshot();
  if (!state) return unexpected(state.error());
  const auto trust = ledger.trust();
  msp::SerializedIdentity identity;
  if (trust == nullptr || !trust->identities().is_valid(signer) || !parse(identity, signer)) {
    return fail(ErrorCode::kDenied, "the signer is no member of channel [" +
                                        ledger.channel().value + "], which gets private data");
  }
  Memberships memberships(signer, identity.mspid(), *trust, **state);
  const auto is_member = [&memberships](const std::string& ns, const std::string& collection) {
    return memberships.has(ns, collection);
  };
  ccbus::BlockPrivateData data;
  for (int i = 0; i < block.data().data_size(); ++i) {
    const auto place = static_cast<std::uint64_t>(i);
    if (ledger::validation_code(block, static_cast<std::size_t>(i)) != protos::VALID) continue;
    auto writes = ledger::private_writes_of(**state, block.data().data(i),
                                            {block.header().number(), place}, is_member);
    if (!writes) return unexpected(writes.error());
    if (writes->ns_pvt_rwset_size() == 0) continue;
    (*data.mutable_transactions())[place] = std::move(*writes);
  }
  return data;
}

}  // namespace ccbus::gateway
