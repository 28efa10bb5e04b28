#pragma once

#include <optional>
#include <string>

#include "fabric/common/common.pb.h"
#include "fabric/ledger/rwset.pb.h"
#include "fabric/peer/proposal.pb.h"
#include "service/base/ids.h"
#include "service/base/ordered_envelope.h"

namespace ccbus::test {

// The parts of an endorser transaction, which are valid at first. A test changes the part that it
// is about. What depends on that part (hashes, the layers around it) is made to fit, unless a test
// replaces it by raw bytes.
struct TransactionParts {
  // `name` is the nonce, from which the transaction id is derived.
  TransactionParts(const ChannelId& channel, const std::string& name,
                   const rwset::TxReadWriteSet& results);

  common::ChannelHeader channel_header;
  common::SignatureHeader signature_header;
  protos::ChaincodeAction action;
  std::string private_data;  // What is ordered together with the envelope.
  int actions = 1;

  // If set, they replace the encoded part.
  std::optional<std::string> raw_payload;
  std::optional<std::string> raw_channel_header;
  std::optional<std::string> raw_signature_header;
  std::optional<std::string> raw_transaction;
  std::optional<std::string> raw_proposal_hash;
  std::optional<std::string> raw_response_payload;
  std::optional<std::string> raw_action;

  [[nodiscard]] OrderedEnvelope envelope() const;
};

// The timestamp in the channel header of every transaction.
inline constexpr int kTimestampSeconds = 1'700'000'000;

// The transaction id that belongs to the nonce `name`.
[[nodiscard]] TxId tx_id_of(const std::string& name);

}  // namespace ccbus::test
