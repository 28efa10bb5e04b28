#include "service/ledger/validate/block_validator.h"

#include <unordered_map>
#include <utility>

#include "service/base/assert.h"
#include "service/ledger/block/version.h"
#include "service/ledger/state/key_rules.h"

namespace ccbus::ledger {
namespace {

// The ids that the transactions of this block so far have; true where one of them was found sound.
using IdsOfBlock = std::unordered_map<TxId, bool>;

struct Candidate {
  ValidatedTransaction outcome;
  TxRwset rwset;
};

// All checks that need no other transaction's writes.
Result<Candidate> examine(const OrderedEnvelope& envelope, const BlockToValidate& of,
                          const IsKnown& is_known, IdsOfBlock& ids) {
  const TransactionFrame frame = read_frame(envelope.bytes, of.channel);
  Candidate candidate;
  ValidatedTransaction& outcome = candidate.outcome;
  outcome.tx_id = frame.tx_id;
  outcome.timestamp = frame.timestamp;
  outcome.code = frame.code;
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
  if (std::exchange(id->second, true)) {
    outcome.code = protos::DUPLICATE_TXID;
    outcome.is_on_record = false;
    return candidate;
  }
  candidate.rwset = std::move(body.rwset);
  return candidate;
}

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
  for (const OrderedEnvelope& envelope : envelopes) {
    auto candidate = examine(envelope, of, is_known, ids);
    if (!candidate) return unexpected(candidate.error());
    const Version version{of.number, block.transactions.size()};
    ValidatedTransaction& outcome = block.transactions.emplace_back(std::move(candidate->outcome));
    if (outcome.code != protos::VALID) continue;
    if (!has_sound_writes(candidate->rwset, committed.state_database())) {
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
    outcome.rwset = std::move(candidate->rwset);
  }
  return block;
}

}  // namespace ccbus::ledger
