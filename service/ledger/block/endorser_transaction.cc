#include "service/ledger/block/endorser_transaction.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "ccbus/definition.pb.h"
#include "fabric/common/common.pb.h"
#include "fabric/ledger/rwset.pb.h"
#include "service/base/assert.h"
#include "service/base/hex.h"
#include "service/base/parse_message.h"
#include "service/base/sha256.h"
#include "service/ledger/block/envelope_layers.h"
#include "service/ledger/block/lifecycle_namespace.h"

namespace ccbus::ledger {
namespace {

// Null: any channel.
protos::TxValidationCode check_channel_header(const common::ChannelHeader& header,
                                              const ChannelId* channel) {
  switch (header.type()) {
    case common::ENDORSER_TRANSACTION: break;
    case common::CONFIG:
    case common::CONFIG_UPDATE: return protos::UNSUPPORTED_TX_PAYLOAD;
    default: return protos::BAD_COMMON_HEADER;
  }
  if (header.epoch() != 0) return protos::BAD_COMMON_HEADER;
  if (channel != nullptr && header.channel_id() != channel->value) {
    return protos::TARGET_CHAIN_NOT_FOUND;
  }
  return protos::VALID;
}

// The one action of the transaction must answer the proposal that the header belongs to.
protos::TxValidationCode read_action(EnvelopeLayers& layers, const EnvelopeLayers::Payload& payload,
                                     TransactionFrame& frame) {
  const auto transaction = layers.transaction(payload.data);
  if (!transaction || transaction->actions != 1) return protos::INVALID_ENDORSER_TRANSACTION;
  const auto action = layers.action_payload(transaction->action_payload);
  if (!action) return protos::INVALID_ENDORSER_TRANSACTION;
  const auto response = layers.response_payload(action->proposal_response_payload);
  if (!response) return protos::BAD_RESPONSE_PAYLOAD;
  frame.chaincode_action = response->extension;
  const std::string proposal_hash = sha256(
      {payload.channel_header, payload.signature_header, action->chaincode_proposal_payload});
  return response->proposal_hash == proposal_hash ? protos::VALID
                                                  : protos::INVALID_ENDORSER_TRANSACTION;
}

protos::TxValidationCode read_payload(EnvelopeLayers& layers,
                                      const EnvelopeLayers::Payload& payload,
                                      const ChannelId* channel, TransactionFrame& frame) {
  if (!payload.has_header) return protos::BAD_COMMON_HEADER;
  common::ChannelHeader header;
  if (!parse(header, payload.channel_header)) return protos::BAD_CHANNEL_HEADER;
  frame.tx_id = TxId{header.tx_id()};
  frame.timestamp = header.timestamp();
  protos::ChaincodeHeaderExtension extension;
  frame.has_readable_extension = parse(extension, header.extension());
  frame.kind = {header.type(), extension.chaincode_id().name()};
  const auto signature = layers.signature_header(payload.signature_header);
  if (!signature || signature->nonce.empty() || signature->creator.empty()) {
    return protos::BAD_COMMON_HEADER;
  }
  if (const auto code = check_channel_header(header, channel); code != protos::VALID) return code;
  if (header.tx_id() != to_hex(sha256({signature->nonce, signature->creator}))) {
    return protos::BAD_PROPOSAL_TXID;
  }
  return read_action(layers, payload, frame);
}

template <class Named, class NameOf>
bool has_duplicate(const std::vector<Named>& all, NameOf name_of) {
  std::vector<std::string_view> names;
  names.reserve(all.size());
  for (const Named& one : all) names.push_back(name_of(one));
  std::sort(names.begin(), names.end());
  return std::adjacent_find(names.begin(), names.end()) != names.end();
}

bool has_duplicate_name(const TxRwset& rwset) {
  using Ns = NamespaceRwset;
  using Collection = HashedCollection;
  if (has_duplicate(rwset, [](const Ns& set) { return std::string_view(set.ns); })) return true;
  return std::any_of(rwset.begin(), rwset.end(), [](const Ns& set) {
    return has_duplicate(set.collections,
                         [](const Collection& one) { return std::string_view(one.name); });
  });
}

// A '$' would let a public write reach into the private data of some chaincode.
bool names_no_chaincode(const NamespaceRwset& set) {
  return set.ns.find('$') != std::string::npos;
}

// Readers of a definition rely on it.
bool has_false_definition(const NamespaceRwset& set) {
  if (set.ns != kLifecycleNamespace) return false;
  const auto& writes = set.kv.writes();
  return std::any_of(writes.begin(), writes.end(), [](const kvrwset::KVWrite& write) {
    return !is_delete(write) && !ccbus::ChaincodeDefinition().ParseFromString(write.value());
  });
}

protos::TxValidationCode read_results(const TransactionFrame& frame, TransactionBody& body) {
  if (!frame.has_readable_extension) return protos::BAD_HEADER_EXTENSION;
  const auto action = read_chaincode_action(frame);
  if (!action) return protos::BAD_RESPONSE_PAYLOAD;
  const std::string& name = action->chaincode_id().name();
  if (name.empty() || name != frame.kind.chaincode_name) return protos::INVALID_CHAINCODE;
  rwset::TxReadWriteSet results;
  if (!parse(results, action->results())) return protos::BAD_RWSET;
  auto parsed = parse_rwset(results);
  if (!parsed) return protos::BAD_RWSET;
  if (has_duplicate_name(*parsed)) return protos::ILLEGAL_WRITESET;
  if (std::any_of(parsed->begin(), parsed->end(), names_no_chaincode)) {
    return protos::INVALID_CHAINCODE;
  }
  if (std::any_of(parsed->begin(), parsed->end(), has_false_definition)) {
    return protos::INVALID_WRITESET;
  }
  body.rwset = std::move(*parsed);
  body.chaincode_version = action->chaincode_id().version();
  return protos::VALID;
}

TransactionFrame read(std::string_view envelope, const ChannelId* channel) {
  TransactionFrame frame;
  EnvelopeLayers layers;
  const auto outer = layers.envelope(envelope);
  if (envelope.empty() || !outer) {
    frame.code = protos::NIL_ENVELOPE;
    return frame;
  }
  const auto payload = layers.payload(outer->payload);
  frame.code = outer->payload.empty() || !payload ? protos::BAD_PAYLOAD
                                                  : read_payload(layers, *payload, channel, frame);
  return frame;
}

}  // namespace

TransactionFrame read_frame(std::string_view envelope, const ChannelId& channel) {
  return read(envelope, &channel);
}

TransactionFrame read_frame_of_any_channel(std::string_view envelope) {
  return read(envelope, nullptr);
}

std::optional<protos::ChaincodeAction> read_chaincode_action(const TransactionFrame& frame) {
  protos::ChaincodeAction action;
  if (!parse(action, frame.chaincode_action)) return std::nullopt;
  return action;
}

TransactionBody read_body(const TransactionFrame& frame) {
  CCBUS_ASSERT(frame.code == protos::VALID);
  TransactionBody body;
  body.code = read_results(frame, body);
  return body;
}

}  // namespace ccbus::ledger
