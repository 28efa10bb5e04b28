#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "fabric/common/common.pb.h"
#include "fabric/peer/proposal.pb.h"
#include "fabric/peer/transaction.pb.h"

namespace ccbus::ledger {

// The layers between an envelope and what a chaincode answered: messages that mostly hold the bytes
// of other messages. The usual encoding is read in place, without copying; anything else is parsed
// by protobuf.
//
// A missing layer is read like one of zero bytes. Every read returns nullopt if the bytes are not
// that message.
//
// Lifetime: results point into the bytes or into this object, until the next read of the same
//           layer.
class EnvelopeLayers {
 public:
  struct Outer {
    std::string_view payload;
    std::string_view signature;
  };
  struct Payload {
    bool has_header = false;
    std::string_view channel_header;
    std::string_view signature_header;
    std::string_view data;
  };
  struct SignatureHeader {
    std::string_view creator;
    std::string_view nonce;
  };
  struct Transaction {
    int actions = 0;
    std::string_view action_payload;  // Of the first.
  };
  struct Endorsement {
    std::string_view endorser;
    std::string_view signature;
  };
  struct ActionPayload {
    std::string_view chaincode_proposal_payload;
    std::string_view proposal_response_payload;
    std::vector<Endorsement> endorsements;  // At most kEndorsementsReadMax, the first ones.
  };
  struct ResponsePayload {
    std::string_view proposal_hash;
    std::string_view extension;
  };

  static constexpr std::size_t kEndorsementsReadMax = 1'001;

  [[nodiscard]] std::optional<Outer> envelope(std::string_view bytes);
  [[nodiscard]] std::optional<Payload> payload(std::string_view bytes);
  [[nodiscard]] std::optional<SignatureHeader> signature_header(std::string_view bytes);
  [[nodiscard]] std::optional<Transaction> transaction(std::string_view bytes);
  [[nodiscard]] std::optional<ActionPayload> action_payload(std::string_view bytes);
  [[nodiscard]] std::optional<ResponsePayload> response_payload(std::string_view bytes);

 private:
  common::Envelope envelope_;
  common::Payload payload_;
  common::SignatureHeader signature_header_;
  protos::Transaction transaction_;
  protos::ChaincodeActionPayload action_payload_;
  protos::ProposalResponsePayload response_payload_;
};

}  // namespace ccbus::ledger
