#pragma once

#include <optional>
#include <string>

#include "fabric/common/common.pb.h"
#include "fabric/ledger/rwset.pb.h"
#include "fabric/peer/proposal.pb.h"
#include "service/base/ids.h"
#include "service/base/ordered_envelope.h"

namespace ccbus::test {

// The parts of an endorser transaction, sound to begin with. A test breaks the one it is about;
// what depends on it (hashes, the layers around it) still fits, unless it is replaced by raw bytes.
struct TransactionParts {
  // `name` makes the nonce and with it the transaction id.
  TransactionParts(const ChannelId& channel, const std::string& name,
                   const rwset::TxReadWriteSet& results);

  common::ChannelHeader channel_header;
  common::SignatureHeader signature_header;
  protos::ChaincodeAction action;
  std::string private_data;  // What the orderer brings along.
  int actions = 1;

  // In the place of the encoded part.
  std::optional<std::string> raw_payload;
  std::optional<std::string> raw_channel_header;
  std::optional<std::string> raw_signature_header;
  std::optional<std::string> raw_transaction;
  std::optional<std::string> raw_proposal_hash;
  std::optional<std::string> raw_response_payload;
  std::optional<std::string> raw_action;

  [[nodiscard]] OrderedEnvelope envelope() const;
};

// Every transaction's, in its channel header.
inline constexpr int kTimestampSeconds = 1'700'000'000;

// The transaction id that belongs to the nonce `name`.
[[nodiscard]] TxId tx_id_of(const std::string& name);

}  // namespace ccbus::test
