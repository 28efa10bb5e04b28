#include "ccbus/client/endorsements.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "fabric/common/common.pb.h"
#include "fabric/peer/transaction.pb.h"

namespace ccbus::client {
namespace {

// The layers of an endorsed transaction, each decoded.
struct EndorsedLayers {
  common::Payload payload;
  common::SignatureHeader signature_header;
  protos::Transaction transaction;
  protos::ChaincodeActionPayload action;

  explicit EndorsedLayers(const common::Envelope& envelope) {
    const bool is_endorsed =
        payload.ParseFromString(envelope.payload()) &&
        signature_header.ParseFromString(payload.header().signature_header()) &&
        transaction.ParseFromString(payload.data()) && transaction.actions_size() == 1 &&
        action.ParseFromString(transaction.actions(0).payload()) &&
        !action.action().proposal_response_payload().empty();
    if (!is_endorsed) throw std::invalid_argument("this is not an endorsed transaction");
  }

  // Without a signature.
  [[nodiscard]] common::Envelope encode() {
    transaction.mutable_actions(0)->set_payload(action.SerializeAsString());
    payload.set_data(transaction.SerializeAsString());
    common::Envelope envelope;
    envelope.set_payload(payload.SerializeAsString());
    return envelope;
  }

  void put(protos::Endorsement endorsement) {
    auto& all = *action.mutable_action()->mutable_endorsements();
    const auto at = std::find_if(all.begin(), all.end(), [&](const protos::Endorsement& one) {
      return one.endorser() == endorsement.endorser();
    });
    if (at != all.end()) {
      *at = std::move(endorsement);
    } else {
      *all.Add() = std::move(endorsement);
    }
  }
};

}  // namespace

EndorseResponse combine(const std::vector<EndorseResponse>& endorsed) {
  if (endorsed.empty()) throw std::invalid_argument("there is no endorsement");
  EndorsedLayers first(endorsed.front().prepared_transaction());
  for (std::size_t i = 1; i < endorsed.size(); ++i) {
    const EndorsedLayers other(endorsed[i].prepared_transaction());
    if (other.payload.header().SerializeAsString() != first.payload.header().SerializeAsString()) {
      throw std::invalid_argument("the endorsements are not of one proposal");
    }
    if (other.action.action().proposal_response_payload() !=
            first.action.action().proposal_response_payload() ||
        other.action.chaincode_proposal_payload() != first.action.chaincode_proposal_payload()) {
      throw std::invalid_argument("ProposalResponsePayloads do not match");
    }
    for (const protos::Endorsement& one : other.action.action().endorsements()) first.put(one);
  }
  EndorseResponse combined = endorsed.front();
  *combined.mutable_prepared_transaction() = first.encode();
  return combined;
}

std::string endorsement_bytes(const common::Envelope& transaction, const Identity& endorser) {
  return EndorsedLayers(transaction).action.action().proposal_response_payload() +
         endorser.serialized();
}

common::Envelope with_endorsement(const common::Envelope& transaction, const Identity& endorser,
                                  std::string signature) {
  EndorsedLayers layers(transaction);
  protos::Endorsement endorsement;
  endorsement.set_endorser(endorser.serialized());
  endorsement.set_signature(std::move(signature));
  layers.put(std::move(endorsement));
  return layers.encode();
}

common::Envelope with_endorsement(const common::Envelope& transaction, const Identity& endorser) {
  return with_endorsement(transaction, endorser,
                          endorser.sign(endorsement_bytes(transaction, endorser)));
}

std::string creator_of(const common::Envelope& transaction) {
  return EndorsedLayers(transaction).signature_header.creator();
}

std::vector<std::string> endorsers_of(const common::Envelope& transaction) {
  std::vector<std::string> endorsers;
  const EndorsedLayers layers(transaction);
  for (const protos::Endorsement& endorsement : layers.action.action().endorsements()) {
    endorsers.push_back(endorsement.endorser());
  }
  return endorsers;
}

}  // namespace ccbus::client
