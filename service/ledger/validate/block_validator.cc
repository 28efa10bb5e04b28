#include "service/ledger/validate/block_validator.h"

#include <unordered_set>
#include <utility>

#include "service/ledger/block/version.h"

namespace ccbus::ledger {
namespace {

struct Candidate {
  ValidatedTransaction outcome;
  TxRwset rwset;
};

// All checks that need no other transaction's writes.
Result<Candidate> examine(const OrderedEnvelope& envelope, const ChannelId& channel,
                          const IsKnown& is_known, std::unordered_set<TxId>& valid_in_block) {
  const TransactionFrame frame = read_frame(envelope.bytes, channel);
  Candidate candidate;
  ValidatedTransaction& outcome = candidate.outcome;
  outcome.tx_id = frame.tx_id;
  outcome.timestamp = frame.timestamp;
  outcome.code = frame.code;
  outcome.kind = frame.kind;
  if (!frame.tx_id.value.empty()) {
    auto known = is_known(frame.tx_id);
    if (!known) return unexpected(known.error());
    outcome.uses_up_id = !*known;
  }
  if (outcome.code != protos::VALID) return candidate;
  if (!outcome.uses_up_id) {
    outcome.code = protos::DUPLICATE_TXID;
    return candidate;
  }
  TransactionBody body = read_body(frame);
  outcome.code = body.code;
  if (outcome.code != protos::VALID) return candidate;
  if (!valid_in_block.insert(frame.tx_id).second) {
    outcome.code = protos::DUPLICATE_TXID;
    outcome.uses_up_id = false;
    return candidate;
  }
  candidate.rwset = std::move(body.rwset);
  return candidate;
}

}  // namespace

Result<ValidatedBlock> validate_block(const ChannelId& channel, std::uint64_t number,
                                      const std::vector<OrderedEnvelope>& envelopes,
                                      const StateView& committed, const IsKnown& is_known) {
  ValidatedBlock block;
  block.transactions.reserve(envelopes.size());
  std::unordered_set<TxId> valid_in_block;
  for (const OrderedEnvelope& envelope : envelopes) {
    auto candidate = examine(envelope, channel, is_known, valid_in_block);
    if (!candidate) return unexpected(candidate.error());
    const Version version{number, block.transactions.size()};
    ValidatedTransaction& outcome = block.transactions.emplace_back(std::move(candidate->outcome));
    if (outcome.code != protos::VALID) continue;
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
