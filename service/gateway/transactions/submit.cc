#include "service/gateway/transactions/submit.h"

#include <string>
#include <utility>

#include "service/gateway/access/signed_header.h"
#include "service/gateway/transactions/refusal.h"
#include "service/gateway/transactions/seal.h"
#include "service/gateway/transactions/signed_envelope.h"
#include "service/ledger/policy/channel_config.h"

namespace ccbus::gateway {
namespace {

// Empty if so many organisations may be named.
template <class Names>
std::string check_organizations(const Names& names) {
  if (names.size() <= ledger::kOrganizationsMax) return {};
  return std::to_string(names.size()) + " endorsing organisations exceed the limit of " +
         std::to_string(ledger::kOrganizationsMax);
}

// What goes with a piece of work for it.
WorkLabel label_of(PendingRequest& request) {
  return request.label_of_change();
}
template <class Submission>
WorkLabel label_of(Submission& submission) {
  return submission.request.label_of_change();
}

}  // namespace

Submits::Submits(const Parts& with, std::uint32_t retries_max)
    : channels_(with.channels),
      identities_(with.identities),
      endorser_(with.endorser),
      prepared_(with.prepared),
      signers_(with.signers),
      replies_(with.replies),
      counters_(with.counters),
      retries_max_(retries_max),
      ordered_(channels_, replies_, [this](Now now, Submission submission) {
        counters_.add(Counter::kSubmitsRetried);
        const ccbus::Invocation& invocation = submission.retry->invocation;
        run(now, std::move(submission), invocation);
      }) {}

Submits::Ledger Submits::ledger_of(const ChannelId& channel) const {
  const auto at = channels_.find(channel);
  return at == channels_.end() ? nullptr : at->second.ledger;
}

void Submits::refuse(PendingRequest pending, ccbus::Status status) {
  ccbus::ClientResponse response = begin_response({}, 0);
  *response.mutable_status() = std::move(status);
  replies_.reply(std::move(pending), response);
}

void Submits::submit(Now now, PendingRequest pending, const ccbus::SubmitRequest& request) {
  if (request.has_prepared_transaction()) {
    submit_prepared(now, std::move(pending), request);
    return;
  }
  if (auto fault = check_organizations(request.endorsing_organizations()); !fault.empty()) {
    return refuse(std::move(pending), make_status(ccbus::INVALID_ARGUMENT, std::move(fault)));
  }
  if (request.retries() > retries_max_) {
    return refuse(std::move(pending),
                  make_status(ccbus::INVALID_ARGUMENT,
                              std::to_string(request.retries()) + " retries exceed the limit of " +
                                  std::to_string(retries_max_) + " (limits.retries)"));
  }
  std::unique_ptr<Submission::Retry> retry;
  if (request.retries() > 0) {
    if (request.until() == ccbus::SubmitRequest::ORDERED) {
      return refuse(std::move(pending),
                    make_status(ccbus::INVALID_ARGUMENT,
                                "retries need the outcome: they do not go with ORDERED"));
    }
    if (!request.invocation().nonce().empty()) {
      return refuse(std::move(pending),
                    make_status(ccbus::INVALID_ARGUMENT,
                                std::to_string(request.retries()) +
                                    " retries do not go with a nonce, which is good for one "
                                    "transaction: 0 is the limit"));
    }
    retry = std::make_unique<Submission::Retry>(
        Submission::Retry{request.invocation(), request.retries()});
  }
  const auto& organizations = request.endorsing_organizations();
  run(now,
      {std::move(pending),
       request.until(),
       0,
       std::move(retry),
       nullptr,
       {organizations.begin(), organizations.end()}},
      request.invocation());
}

void Submits::submit_prepared(Now now, PendingRequest pending,
                              const ccbus::SubmitRequest& request) {
  if (request.retries() > 0) {
    return refuse(std::move(pending),
                  make_status(ccbus::INVALID_ARGUMENT,
                              "a prepared transaction cannot be run again: no retries"));
  }
  const common::Envelope& envelope = request.prepared_transaction();
  auto prepared = prepared_.find(now, envelope);
  const auto trust = trust_of(channels_, {header_of_payload(envelope.payload()).channel_id()});
  const bool is_unknown = !prepared && prepared.error().code == ErrorCode::kNotFound;
  if (trust != nullptr && !envelope.signature().empty() && (prepared || is_unknown)) {
    return submit_signed(std::move(pending), request, std::move(prepared));
  }
  if (!prepared) return refuse(std::move(pending), make_status(prepared.error()));
  if (trust != nullptr && prepared->creator == nullptr) {
    return refuse(std::move(pending),
                  make_status(ccbus::INVALID_ARGUMENT, "prepared transaction must be signed"));
  }
  const TxKey key = prepared->key;
  if (ordered_.order({std::move(pending), request.until()}, std::move(*prepared))) {
    prepared_.forget(key);
  }
}

void Submits::submit_signed(PendingRequest pending, const ccbus::SubmitRequest& request,
                            Result<Endorsement> kept) {
  const common::Envelope& envelope = request.prepared_transaction();
  const ChannelId channel{header_of_payload(envelope.payload()).channel_id()};
  WorkLabel label = label_of(pending);
  std::string bytes = kept ? std::move(kept->envelope) : envelope.SerializeAsString();
  struct Taken {
    Result<Endorsement> endorsement;
    std::string creator;
  };
  auto job = make_job(
      std::move(pending),
      [bytes = std::move(bytes), payload = envelope.payload(), channel,
       trust = trust_of(channels_, channel), kept = std::move(kept)]() mutable {
        return Taken{take_signed(std::move(bytes), channel, *trust, std::move(kept)),
                     trust->identities().identifier_of(creator_of_payload(payload)).value_or("")};
      },
      [this, until = request.until()](Now, PendingRequest held, Taken done) {
        Result<Endorsement>& taken = done.endorsement;
        if (!taken) return refuse(std::move(held), make_status(taken.error()));
        auto share = replies_.share(done.creator, Places::Kind::kWorking);
        if (!share) return refuse(std::move(held), make_status(share.error()));
        held.keep(std::move(*share));
        const TxKey key = taken->key;
        if (ordered_.order({std::move(held), until}, std::move(*taken))) prepared_.forget(key);
      },
      [this](PendingRequest held, const Error& why) { refuse(std::move(held), make_status(why)); });
  static_cast<void>(signers_.submit(std::move(job), std::move(label)));
}

void Submits::run(Now now, Submission submission, const ccbus::Invocation& invocation) {
  submission.ledger = ledger_of({invocation.channel_id()});
  const auto caller = submission.request.reference();
  endorser_.endorse(now, caller, invocation,
                    [this, held = std::move(submission)](Endorsed endorsed) mutable {
                      order_or_refuse(std::move(held), std::move(endorsed));
                    });
}

void Submits::endorse(Now now, PendingRequest pending, const ccbus::EndorseRequest& request) {
  if (auto fault = check_organizations(request.endorsing_organizations()); !fault.empty()) {
    return replies_.reply(std::move(pending),
                          make_status(ccbus::INVALID_ARGUMENT, std::move(fault)));
  }
  const auto caller = pending.reference();
  std::vector<std::string> organizations(request.endorsing_organizations().begin(),
                                         request.endorsing_organizations().end());
  auto done = [this, now, held = std::move(pending),
               organizations = std::move(organizations)](Endorsed endorsed) mutable {
    if (held.has_ended()) return;
    ccbus::ClientResponse response;
    response.set_height(endorsed.height);
    ccbus::EndorseResponse& answer = *response.mutable_endorse();
    answer.set_transaction_id(endorsed.proposal.key.tx.value);
    *answer.mutable_result() = endorsed.result.response;
    ccbus::Status refusal = endorse_refusal(endorsed, endorser_.name());
    if (refusal.code() == ccbus::OK &&
        endorsed.ledger != ledger_of(endorsed.proposal.key.channel)) {
      refusal = make_status(ccbus::UNAVAILABLE, kChannelGone);
    }
    if (refusal.code() != ccbus::OK) {
      *response.mutable_status() = std::move(refusal);
      return replies_.reply(std::move(held), response);
    }
    sealed(
        std::move(held), std::move(endorsed), organizations,
        [this, now, response](PendingRequest request_held, Endorsement endorsement) mutable {
          answer_endorse(std::move(request_held), std::move(response), std::move(endorsement), now);
        },
        [this](PendingRequest request_held, ccbus::Status why) {
          replies_.reply(std::move(request_held), std::move(why));
        });
  };
  if (request.has_proposed_transaction()) {
    endorser_.endorse(now, caller, request.proposed_transaction(), std::move(done));
  } else {
    endorser_.endorse(now, caller, request.invocation(), std::move(done));
  }
}

// The client gets no signature of the creator: its Submit says that the transaction is wanted.
void Submits::answer_endorse(PendingRequest pending, ccbus::ClientResponse response,
                             Endorsement endorsement, Now now) {
  if (pending.has_ended()) return;
  common::Envelope& prepared = *response.mutable_endorse()->mutable_prepared_transaction();
  prepared.ParseFromString(endorsement.envelope);
  prepared.clear_signature();
  // A change of the channel has nothing but its envelope, and its administrators take their time.
  if (endorsement.changes_channel) return replies_.reply(std::move(pending), response);
  if (auto kept = prepared_.keep(now, pending.client(), std::move(endorsement)); !kept) {
    *response.mutable_status() = make_status(kept.error());
    response.mutable_endorse()->clear_prepared_transaction();
  }
  replies_.reply(std::move(pending), response);
}

template <class Held, class Then, class Refuse>
void Submits::sealed(Held held, Endorsed endorsed, const std::vector<std::string>& organizations,
                     Then then, Refuse refuse) {
  const auto trust = trust_of(channels_, endorsed.proposal.key.channel);
  const bool changes_channel = endorsed.proposal.chaincode_name == ledger::kChannelNamespace;
  auto endorsement = std::make_shared<Endorsement>(
      make_endorsement(std::move(endorsed), identities_.played(trust.get()), trust != nullptr));
  if (trust == nullptr) return then(std::move(held), std::move(*endorsement));
  WorkLabel label = label_of(held);
  auto job = make_job(
      std::move(held),
      [endorsement, trust,
       endorsers = identities_.endorsers(*trust, organizations, changes_channel)] {
        return seal(endorsement->envelope, endorsers, endorsement->creator.get(), trust->msps());
      },
      [endorsement, then, refuse](Now, Held given, Result<std::string> envelope) mutable {
        if (!envelope)
          return refuse(std::move(given), make_status(ccbus::INTERNAL, envelope.error().message));
        endorsement->envelope = std::move(*envelope);
        then(std::move(given), std::move(*endorsement));
      },
      [refuse](Held given, const Error& why) mutable {
        refuse(std::move(given), make_status(why));
      });
  static_cast<void>(signers_.submit(std::move(job), std::move(label)));
}

void Submits::order(PendingRequest pending, Endorsed endorsed) {
  order_or_refuse({std::move(pending)}, std::move(endorsed));
}

void Submits::order_or_refuse(Submission submission, Endorsed endorsed) {
  if (submission.request.has_ended()) return;
  if (ccbus::Status refusal = endorse_refusal(endorsed, endorser_.name());
      refusal.code() != ccbus::OK) {
    ccbus::ClientResponse response = begin_response(endorsed.proposal.key.tx, submission.retried);
    if (endorsed.status.code() == ccbus::OK) {
      *response.mutable_submit()->mutable_result() = std::move(endorsed.result.response);
    }
    *response.mutable_status() = std::move(refusal);
    replies_.reply(std::move(submission.request), response);
    return;
  }
  const std::vector<std::string> organizations = submission.endorsing_organizations;
  sealed(
      std::move(submission), std::move(endorsed), organizations,
      [this](Submission held, Endorsement endorsement) {
        ordered_.order(std::move(held), std::move(endorsement));
      },
      [this](Submission held, ccbus::Status why) {
        ccbus::ClientResponse response = begin_response({}, held.retried);
        *response.mutable_status() = std::move(why);
        replies_.reply(std::move(held.request), response);
      });
}

}  // namespace ccbus::gateway
