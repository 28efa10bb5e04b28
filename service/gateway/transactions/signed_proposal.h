#pragma once

#include <string>

#include <optional>

#include "ccbus/channel_config.pb.h"
#include "ccbus/client.pb.h"
#include "fabric/peer/proposal.pb.h"
#include "service/base/clock.h"
#include "service/base/result.h"
#include "service/gateway/transactions/proposal.h"
#include "service/ledger/commit/channel_ledger.h"
#include "service/ledger/policy/channel_trust.h"

namespace ccbus::gateway {

// Reads a proposal that a client has signed, and checks all of it but who that is: the header
// extension, the input, the type, epoch, nonce and transaction id, and that its time is at most
// kTimeWindow from the service's.
//
// Errors: kInvalid in Fabric's words.
// Source: Fabric's core/endorser/msgvalidation.go.
[[nodiscard]] Result<Proposal> read_signed_proposal(const protos::SignedProposal& signed_proposal,
                                                    WallTime now);

// Whether the creator of a proposal is a valid member of an organisation of the channel, whose
// certificate has not expired, and has signed it.
//
// Thread: any. It costs a check of a signature, and of certificates if the creator is not known.
// Errors: kDenied. What is wrong with the identity is not said, as in Fabric.
[[nodiscard]] Result<void> check_signer(const Proposal& proposal, const ledger::ChannelTrust& trust,
                                        WallTime now);

// The same, and whether it is a Writer.
//
// Thread: any. It costs a check of a signature, and of certificates if the creator is not known.
// Errors: kDenied. What is wrong with the identity is not said, as in Fabric.
[[nodiscard]] Result<void> check_creator(const Proposal& proposal,
                                         const ledger::ChannelTrust& trust, WallTime now);

struct AcceptedProposal {
  Proposal proposal;
  std::optional<ccbus::ChannelConfig> config;  // If it changes its channel.
  std::string creator;  // What tells its creator apart: Identities::identifier_of().
};

// All that has to hold before a proposal that a client has signed may run: the two above, that the
// channel has no transaction with its id, and that the configuration is sound which it gives its
// channel. `ledger` is that of the channel which the proposal names; null if no such channel
// exists.
//
// Thread: any.
// Errors: kInvalid, kDenied; kNotFound no such channel; kPrecondition it has no configuration;
//         kExists in Fabric's words; those of the ledger.
[[nodiscard]] Result<AcceptedProposal> accept_signed_proposal(
    const protos::SignedProposal& signed_proposal, const ledger::ChannelLedger* ledger,
    WallTime now);

// The same for one that reads only, and changes no channel: its creator need not be a Writer.
[[nodiscard]] Result<Proposal> accept_signed_query(const protos::SignedProposal& signed_proposal,
                                                   const ledger::ChannelLedger* ledger,
                                                   WallTime now);

// The status of a proposal that was not accepted, as Fabric's gateway has it, which asks an
// endorser: what is wrong with a proposal fails a precondition.
[[nodiscard]] ccbus::Status proposal_refusal(const Error& error, const std::string& channel);

// kExists: the channel has a transaction with the id of this one.
[[nodiscard]] Error duplicate_transaction(const Proposal& proposal);

}  // namespace ccbus::gateway
