#include "service/load/run/request_signer.h"

#include <utility>

namespace ccbus::load {

protos::SignedProposal RequestSigner::propose(const Invocation& invocation) const {
  const client::Invocation call{.channel_id = invocation.channel_id(),
                                .chaincode_name = invocation.chaincode_name(),
                                .args = {invocation.args().begin(), invocation.args().end()}};
  const client::SignedStep proposal = client::make_proposal(call, identity_);
  return client::with_signature(proposal, identity_.sign(proposal.bytes));
}

void RequestSigner::sign(ClientRequest& request) const {
  if (request.has_evaluate()) {
    protos::SignedProposal proposal = propose(request.evaluate().invocation());
    request.mutable_evaluate()->clear_invocation();
    *request.mutable_evaluate()->mutable_proposed_transaction() = std::move(proposal);
  } else if (request.submit().has_invocation()) {
    protos::SignedProposal proposal = propose(request.submit().invocation());
    *request.mutable_endorse()->mutable_proposed_transaction() = std::move(proposal);
  }
}

std::optional<ClientRequest> RequestSigner::submit_of(const ClientResponse& response) const {
  if (!response.has_endorse() || response.status().code() != OK) return std::nullopt;
  const client::SignedStep transaction = client::transaction_of(response.endorse());
  ClientRequest request;
  request.set_correlation_id(response.correlation_id());
  *request.mutable_submit()->mutable_prepared_transaction() =
      client::with_signature(transaction, identity_.sign(transaction.bytes), response.endorse());
  return request;
}

}  // namespace ccbus::load
