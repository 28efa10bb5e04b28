#include "service/gateway/admin/system_chaincodes.h"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "service/base/parse_message.h"
#include "service/gateway/access/signed_data.h"
#include "service/gateway/access/signed_header.h"
#include "service/gateway/admin/qscc.h"
#include "service/gateway/transactions/evaluate.h"
#include "service/gateway/transactions/signed_proposal.h"
#include "service/ledger/policy/channel_config.h"

namespace ccbus::gateway {
namespace {

using Ledger = std::shared_ptr<const ledger::ChannelLedger>;

struct Replacement {
  std::string_view chaincode;
  const char* instead;
};
constexpr std::array kReplacements = {
    Replacement{kQscc, "it only answers queries: evaluate it"},
    Replacement{"_lifecycle",
                "chaincode is defined with ccbus chaincode define, and its definitions are listed "
                "with ccbus chaincode list"},
    Replacement{"lscc",
                "chaincode is defined with ccbus chaincode define, and its definitions are listed "
                "with ccbus chaincode list"},
    Replacement{"cscc",
                "channels are created, listed and configured with ccbus channel; a channel's "
                "configuration is shown by ccbus channel config show"},
    Replacement{"escc", "the service endorses by itself"},
    Replacement{"vscc", "the service validates by itself"},
};

ccbus::Status unimplemented(std::string_view chaincode) {
  const auto at = std::ranges::find(kReplacements, chaincode, &Replacement::chaincode);
  return make_status(ccbus::UNIMPLEMENTED, "the system chaincode " + std::string(chaincode) +
                                               " cannot be called here: " + at->instead);
}

Endorsed refused(const Error& error, const std::string& channel) {
  Endorsed endorsed;
  endorsed.status = proposal_refusal(error, channel);
  return endorsed;
}

// On a worker. Of the signature only the Readers are asked, and not the Writers, as in Fabric.
Endorsed answer_signed(const protos::SignedProposal& signed_proposal, const Ledger& ledger,
                       WallTime now) {
  auto proposal = accept_signed_query(signed_proposal, ledger.get(), now);
  const std::string channel = ledger == nullptr ? std::string() : ledger->channel().value;
  if (!proposal) return refused(proposal.error(), channel);
  protos::ChaincodeInput input;
  common::SignatureHeader header;
  if (!parse(input, proposal->chaincode_input) || !parse(header, proposal->signature_header())) {
    return refused({ErrorCode::kInvalid, "the proposal cannot be decoded"}, channel);
  }
  const auto may_read = [&]() -> Result<void> {
    const auto trust = ledger->trust();
    if (trust == nullptr) return fail(ErrorCode::kDenied, "the channel has no configuration");
    const auto reader = check_policy(
        {signed_proposal.proposal_bytes(), header.creator(), signed_proposal.signature()}, *trust,
        now, channel, ledger::kReadersPolicyPath);
    if (!reader) return unexpected(reader.error());
    return {};
  };
  Endorsed endorsed;
  endorsed.height = ledger->height();  // Nothing that is read below is from an earlier state.
  endorsed.result.response = answer_qscc(*ledger, input, may_read);
  endorsed.proposal = std::move(*proposal);
  return endorsed;
}

Endorsed answer_unsigned(const ccbus::Invocation& invocation, const Ledger& ledger) {
  if (ledger == nullptr) {
    Endorsed endorsed;
    endorsed.status = channel_not_found(invocation.channel_id());
    return endorsed;
  }
  protos::ChaincodeInput input;
  *input.mutable_args() = invocation.args();
  Endorsed endorsed;
  endorsed.height = ledger->height();
  endorsed.result.response = answer_qscc(*ledger, input, [] { return Result<void>(); });
  return endorsed;
}

}  // namespace

bool SystemChaincodes::has(std::string_view chaincode) {
  return std::ranges::find(kReplacements, chaincode, &Replacement::chaincode) !=
         kReplacements.end();
}

void SystemChaincodes::refuse_order(PendingRequest pending, std::string_view chaincode) {
  replies_.reply(std::move(pending), unimplemented(chaincode));
}

void SystemChaincodes::evaluate(Now now, PendingRequest pending,
                                const ccbus::EvaluateRequest& request, std::string_view chaincode) {
  if (chaincode != kQscc) return replies_.reply(std::move(pending), unimplemented(chaincode));
  std::string channel = request.invocation().channel_id();
  if (request.has_proposed_transaction()) {
    channel = header_of_proposal(request.proposed_transaction().proposal_bytes()).channel_id();
  }
  Ledger ledger;
  if (const auto at = channels_.find(ChannelId{channel}); at != channels_.end()) {
    ledger = at->second.ledger;
  }
  WorkLabel label = pending.label();
  auto job = make_job(
      std::move(pending),
      [request, ledger, wall = now.wall] {
        return request.has_proposed_transaction()
                   ? answer_signed(request.proposed_transaction(), ledger, wall)
                   : answer_unsigned(request.invocation(), ledger);
      },
      [this](Now, PendingRequest held, Endorsed endorsed) {
        ccbus::ClientResponse response;
        answer_evaluate(endorsed, endorser_, response);
        replies_.reply(std::move(held), response);
      },
      [this](PendingRequest held, const Error& why) {
        replies_.reply(std::move(held), make_status(why));
      });
  static_cast<void>(background_.submit(std::move(job), std::move(label)));
}

}  // namespace ccbus::gateway
