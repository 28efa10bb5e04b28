#include "service/ledger/validate/block_validator.h"

#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "service/base/assert.h"
#include "service/ledger/block/version.h"
#include "service/ledger/policy/channel_config.h"
#include "service/ledger/state/key_rules.h"
#include "service/ledger/validate/channel_config_writes.h"
#include "service/ledger/validate/endorsement_signatures.h"
#include "service/ledger/validate/endorsement_validator.h"

namespace ccbus::ledger {
namespace {

// The ids that the transactions of this block so far have; true where one of them was found sound.
using IdsOfBlock = std::unordered_map<TxId, bool>;

struct Candidate {
  ValidatedTransaction outcome;
  TxRwset rwset;
  std::string chaincode_version;
  SignatureCheck signatures;
  bool is_endorsed = false;  // It got as far as its endorsements count.
};

bool checks_endorsements(const BlockToValidate& of) {
  return of.trust != nullptr && of.capability >= Capability::kEndorsements;
}

// All checks that need no other transaction's writes.
Result<Candidate> examine(const OrderedEnvelope& envelope, const BlockToValidate& of,
                          const IsKnown& is_known, IdsOfBlock& ids) {
  const TransactionFrame frame = read_frame(envelope.bytes, of.channel);
  Candidate candidate;
  ValidatedTransaction& outcome = candidate.outcome;
  outcome.tx_id = frame.tx_id;
  outcome.timestamp = frame.timestamp;
  outcome.code = frame.code;
  if (checks_endorsements(of)) {
    candidate.signatures = check_signatures(envelope.bytes, of.trust->identities());
    outcome.code = with_creator_signature(frame.code, candidate.signatures);
  }
  outcome.kind = frame.kind;
  if (frame.tx_id.value.empty()) {
    CCBUS_ASSERT(outcome.code != protos::VALID);
    return candidate;
  }
  auto is_of_earlier_block = is_known(frame.tx_id);
  if (!is_of_earlier_block) return unexpected(is_of_earlier_block.error());
  const auto [id, is_new_in_block] = ids.try_emplace(frame.tx_id, false);
  const bool is_first_on_record = of.capability >= Capability::kFirstOfId;
  outcome.is_on_record = !*is_of_earlier_block && (is_new_in_block || !is_first_on_record);
  if (outcome.code != protos::VALID) return candidate;
  if (*is_of_earlier_block) {
    outcome.code = protos::DUPLICATE_TXID;
    return candidate;
  }
  TransactionBody body = read_body(frame);
  outcome.code = body.code;
  if (outcome.code != protos::VALID) return candidate;
  candidate.is_endorsed = true;
  candidate.rwset = std::move(body.rwset);
  candidate.chaincode_version = std::move(body.chaincode_version);
  return candidate;
}

// Of several transactions of the block with one id the first one counts that is valid but for what
// it has read.
void reserve_id(ValidatedTransaction& outcome, IdsOfBlock& ids) {
  if (outcome.code != protos::VALID || !std::exchange(ids[outcome.tx_id], true)) return;
  outcome.code = protos::DUPLICATE_TXID;
  outcome.is_on_record = false;
}

// What changes from one transaction of a block to the next, where its channel has a configuration
// or gets one.
class ConfigurationRules {
 public:
  ConfigurationRules(const BlockToValidate& of, const StateView& committed) : of_(of) {
    if (!checks_endorsements(of)) return;
    judge_.emplace(of.number, of.trust->policies(), of.trust->identities(), committed);
    current_ = of.trust->config();
  }

  // Whether the endorsements suffice. It sets the code of a transaction that has none yet.
  Result<void> judge(std::uint64_t place, Candidate& candidate) {
    if (!judge_ || !candidate.is_endorsed) return {};
    ValidatedTransaction& outcome = candidate.outcome;
    auto verdict = judge_->judge(place, {outcome.kind.chaincode_name, candidate.chaincode_version,
                                         candidate.rwset, candidate.signatures.signers});
    if (!verdict) return unexpected(verdict.error());
    if (outcome.code != protos::VALID || verdict->code == protos::VALID) return {};
    outcome.code = verdict->code;
    outcome.policy_failure = std::move(verdict->reason);
    return {};
  }

  // Whether what it writes to the configuration leaves one that can be used.
  [[nodiscard]] bool is_sound(const TxRwset& rwset) const {
    if (of_.capability < Capability::kEndorsements) return true;
    if (!has_sound_config_writes(rwset, current_ ? &*current_ : nullptr)) return false;
    const auto written = written_config(rwset);
    return !written || ChannelTrust::of(*written).has_value();
  }
  void applied(const TxRwset& rwset) {
    if (of_.capability < Capability::kEndorsements) return;
    if (auto written = written_config(rwset)) current_ = std::move(*written);
  }

 private:
  // Of writes that are sound.
  [[nodiscard]] static std::optional<ccbus::ChannelConfig> written_config(const TxRwset& rwset) {
    for (const NamespaceRwset& set : rwset) {
      if (set.ns != kChannelNamespace || set.kv.writes().empty()) continue;
      auto config = decode_channel_config(set.kv.writes(0).value());
      if (config) return std::move(*config);
    }
    return std::nullopt;
  }

  const BlockToValidate& of_;
  std::optional<EndorsementValidator> judge_;
  std::optional<ccbus::ChannelConfig> current_;
};

// Public writes only, as in Fabric (batch_preparer.go): of private ones a block has hashes.
bool has_sound_writes(const TxRwset& rwset, StateDatabase database) {
  for (const NamespaceRwset& ns : rwset) {
    for (const kvrwset::KVWrite& write : ns.kv.writes()) {
      if (!check_write(database, write.key(), write.value())) return false;
    }
  }
  return true;
}

}  // namespace

Result<ValidatedBlock> validate_block(const BlockToValidate& of,
                                      const std::vector<OrderedEnvelope>& envelopes,
                                      const StateView& committed, const IsKnown& is_known) {
  ValidatedBlock block;
  block.transactions.reserve(envelopes.size());
  IdsOfBlock ids;
  ConfigurationRules configuration(of, committed);
  for (const OrderedEnvelope& envelope : envelopes) {
    auto candidate = examine(envelope, of, is_known, ids);
    if (!candidate) return unexpected(candidate.error());
    const Version version{of.number, block.transactions.size()};
    if (auto judged = configuration.judge(version.tx_num, *candidate); !judged) {
      return unexpected(judged.error());
    }
    ValidatedTransaction& outcome = block.transactions.emplace_back(std::move(candidate->outcome));
    reserve_id(outcome, ids);
    if (outcome.code != protos::VALID) continue;
    if (!has_sound_writes(candidate->rwset, committed.state_database()) ||
        !configuration.is_sound(candidate->rwset)) {
      outcome.code = protos::INVALID_WRITESET;
      continue;
    }
    auto verdict = validate_reads(candidate->rwset, committed, block.updates);
    if (!verdict) return unexpected(verdict.error());
    outcome.code = verdict->code;
    outcome.conflict = std::move(verdict->conflict);
    if (outcome.code != protos::VALID) continue;
    if (auto applied = block.updates.apply(candidate->rwset, version, committed); !applied) {
      return unexpected(applied.error());
    }
    configuration.applied(candidate->rwset);
    outcome.rwset = std::move(candidate->rwset);
  }
  return block;
}

}  // namespace ccbus::ledger
