#include "service/gateway/transactions/prepared_transactions.h"

#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "fabric/peer/transaction.pb.h"
#include "service/base/parse_message.h"
#include "service/gateway/access/signed_header.h"
#include "service/ledger/block/envelope_layers.h"

namespace ccbus::gateway {
namespace {

// The payload of a transaction as it is before anybody has endorsed it; nullopt if the bytes are
// not one. A client that signs may have collected endorsements elsewhere, too.
std::optional<std::string> without_endorsements(std::string_view payload_bytes) {
  common::Payload payload;
  protos::Transaction transaction;
  protos::ChaincodeActionPayload action;
  const bool is_readable = parse(payload, payload_bytes) && parse(transaction, payload.data()) &&
                           transaction.actions_size() == 1 &&
                           parse(action, transaction.actions(0).payload());
  if (!is_readable) return std::nullopt;
  action.mutable_action()->clear_endorsements();
  transaction.mutable_actions(0)->set_payload(action.SerializeAsString());
  payload.set_data(transaction.SerializeAsString());
  return payload.SerializeAsString();
}

bool are_same_but_for_endorsements(std::string_view one, std::string_view other) {
  const auto payload = without_endorsements(one);
  return payload && payload == without_endorsements(other);
}

std::size_t size_of(const Endorsement& endorsement) {
  return endorsement.envelope.size() + endorsement.private_data.size() +
         endorsement.response.ByteSizeLong() +
         (endorsement.event ? endorsement.event->ByteSizeLong() : 0);
}

}  // namespace

// If it throws, nothing is changed.
Result<void> PreparedTransactions::keep(Now now, PeerId client, Endorsement endorsement) {
  expire(now);
  // A client that signs may ask twice for one transaction.
  if (kept_.contains(endorsement.key)) {
    return fail(ErrorCode::kExists, "transaction " + endorsement.key.tx.value +
                                        " is endorsed already and waits for its Submit");
  }
  const std::size_t bytes = size_of(endorsement);
  if (auto room = room_.check(client, bytes); !room) return room;
  const TxKey key = endorsement.key;
  const auto ticket = deadlines_.add(now.steady + options_.lifetime, key);
  Place at = kept_.end();
  try {
    at = kept_.emplace(key, Kept{client, std::move(endorsement), bytes, ticket}).first;
    room_.take(client, bytes);
  } catch (...) {
    if (at != kept_.end()) kept_.erase(at);
    deadlines_.remove(ticket);
    throw;
  }
  return {};
}

Result<Endorsement> PreparedTransactions::find(Now now, const common::Envelope& envelope) {
  expire(now);
  const auto header = header_of_payload(envelope.payload());
  const TxKey key{{header.channel_id()}, {header.tx_id()}};
  if (key.channel.value.empty()) {
    return fail(ErrorCode::kInvalid,
                "the prepared transaction has no payload with a channel header");
  }
  const auto at = kept_.find(key);
  if (at == kept_.end()) {
    return fail(ErrorCode::kNotFound,
                "transaction " + key.tx.value + " on channel " + key.channel.value +
                    " waits for no Submit: it was not endorsed by this service since it started, "
                    "was submitted before, or is older than " +
                    std::to_string(options_.lifetime.count() / 1000) + " s");
  }
  const Endorsement& kept = at->second.endorsement;
  const bool is_signed = !envelope.signature().empty();
  ledger::EnvelopeLayers layers;
  const auto endorsed = layers.envelope(kept.envelope);
  const bool is_same =
      endorsed &&
      (endorsed->payload == envelope.payload() ||
       (is_signed && are_same_but_for_endorsements(endorsed->payload, envelope.payload())));
  if (!is_same) {
    return fail(ErrorCode::kPrecondition,
                "the payload of transaction " + key.tx.value + " is not the one that was endorsed");
  }
  // Otherwise the service is the creator: it has signed already, if signatures count there.
  return Endorsement{.key = kept.key,
                     .envelope = is_signed ? envelope.SerializeAsString() : kept.envelope,
                     .private_data = kept.private_data,
                     .response = kept.response,
                     .event = kept.event,
                     .changes_channel = kept.changes_channel,
                     .creator = kept.creator};
}

void PreparedTransactions::forget(const TxKey& key) {
  if (const auto at = kept_.find(key); at != kept_.end()) drop(at);
}

void PreparedTransactions::forget(const ChannelId& channel) {
  for (auto at = kept_.begin(); at != kept_.end();) {
    at = at->first.channel == channel ? drop(at) : std::next(at);
  }
}

PreparedTransactions::Place PreparedTransactions::drop(Place at) {
  room_.give_back(at->second.client, at->second.bytes);
  deadlines_.remove(at->second.deadline);
  return kept_.erase(at);
}

void PreparedTransactions::expire(Now now) {
  while (const auto key = deadlines_.pop(now.steady)) {
    const auto at = kept_.find(*key);
    room_.give_back(at->second.client, at->second.bytes);
    kept_.erase(at);
  }
}

}  // namespace ccbus::gateway
