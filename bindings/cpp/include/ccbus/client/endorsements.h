#pragma once

#include <string>
#include <vector>

#include "ccbus/client/identity.h"

namespace ccbus::client {

// Endorsements that a client collects itself: from several services, each of which has one
// organisation's keys, or from members of organisations who sign off-line. A transaction that has
// one more endorsement has another payload, so that its creator signs last:
//
//   one proposal -> endorsed at each service -> combine() -> transaction_of() -> signed ->
//   submitted
//
// Thread: any. Blocks: never.
// Errors, all: std::invalid_argument if an envelope is not that of an endorsed transaction.

// One answer with the endorsements of all, each endorser once. The answers are those of several
// services to one proposal.
// Errors: std::invalid_argument  `endorsed` is empty, or the results differ:
//         "ProposalResponsePayloads do not match", as Fabric's gateway has it.
[[nodiscard]] EndorseResponse combine(const std::vector<EndorseResponse>& endorsed);

// The transaction with an endorsement by this identity besides, in place of one that it has given
// before; without the creator's signature, which does not hold any more.
// Errors: std::runtime_error if the identity has no key.
[[nodiscard]] common::Envelope with_endorsement(const common::Envelope& transaction,
                                                const Identity& endorser);

// What such an endorsement is made of, for who signs elsewhere: an endorser signs these bytes.
[[nodiscard]] std::string endorsement_bytes(const common::Envelope& transaction,
                                            const Identity& endorser);
[[nodiscard]] common::Envelope with_endorsement(const common::Envelope& transaction,
                                                const Identity& endorser, std::string signature);

// Encoded msp.SerializedIdentity of the creator, and of each endorser in the transaction's order.
[[nodiscard]] std::string creator_of(const common::Envelope& transaction);
[[nodiscard]] std::vector<std::string> endorsers_of(const common::Envelope& transaction);

}  // namespace ccbus::client
