#include "service/gateway/gateway.h"

#include <string>
#include <utility>

#include "service/assert.h"
#include "service/gateway/define.h"
#include "service/gateway/evaluate.h"

namespace ccbus::gateway {

Gateway::Gateway(Options options, chaincode::ChaincodeSupport& chaincodes, const Channels& channels,
                 chaincode::Simulators& simulators, const ProposalBuilder& proposals,
                 ClientOutbox& outbox, Logger& logger, Counters& counters)
    : options_(std::move(options)),
      chaincodes_(chaincodes),
      channels_(channels),
      simulators_(simulators),
      proposals_(proposals),
      outbox_(outbox),
      logger_(logger),
      counters_(counters),
      endorser_(chaincodes, simulators, proposals),
      submits_(channels, [this](ReplyAddress address, ccbus::ClientResponse& response) {
        reply(address, response);
      }) {}

void Gateway::on_message(Now now, PeerId client, std::span<const std::byte> frame) {
  ccbus::ClientRequest request;
  if (frame.empty() || !request.ParseFromArray(frame.data(), static_cast<int>(frame.size()))) {
    on_malformed(client, "not a ccbus.ClientRequest (" + std::to_string(frame.size()) + " bytes)");
    return;
  }
  const ReplyAddress address{client, request.correlation_id()};
  if (frame.size() > options_.message_bytes_max) {
    refuse(address, ccbus::RESOURCE_EXHAUSTED,
           "a request of " + std::to_string(frame.size()) + " bytes exceeds the limit of " +
               std::to_string(options_.message_bytes_max) + " (peer.maxRecvMsgSize)");
    return;
  }
  if (stopping_) {
    refuse(address, ccbus::UNAVAILABLE, "the service is shutting down");
    return;
  }
  if (requests_open_ >= options_.requests_open_max) {
    refuse(address, ccbus::RESOURCE_EXHAUSTED,
           "too many requests for /gateway.Gateway, exceeding concurrency limit (" +
               std::to_string(options_.requests_open_max) + ")");
    return;
  }
  route(now, address, request);
}

void Gateway::route(Now now, ReplyAddress address, const ccbus::ClientRequest& request) {
  using Request = ccbus::ClientRequest;
  switch (request.request_case()) {
    case Request::kEvaluate:
      ++requests_open_;
      endorser_.endorse(now, request.evaluate().invocation(), [this, address](Endorsed endorsed) {
        ccbus::ClientResponse response;
        answer_evaluate(endorsed, response);
        reply(address, response);
      });
      return;
    case Request::kSubmit:
      ++requests_open_;
      endorser_.endorse(now, request.submit().invocation(), [this, address](Endorsed endorsed) {
        submits_.order(address, std::move(endorsed));
      });
      return;
    case Request::kDefine: define(now, address, request.define()); return;
    case Request::kStatus: {
      ++requests_open_;
      ccbus::ClientResponse response;
      *response.mutable_service_status() =
          service_status(now, options_.info, chaincodes_, channels_, counters_);
      reply(address, response);
      return;
    }
    case Request::REQUEST_NOT_SET: break;
  }
  refuse(address, ccbus::INVALID_ARGUMENT, "the request asks for nothing that this service knows");
}

void Gateway::define(Now now, ReplyAddress address, const ccbus::DefineRequest& request) {
  ++requests_open_;
  Endorsed endorsed = define_chaincode(now, request, simulators_, proposals_);
  if (endorsed.status.code() != ccbus::OK || endorsed.result.response.message().empty()) {
    submits_.order(address, std::move(endorsed));
    return;
  }
  ccbus::ClientResponse response;
  response.mutable_submit()->set_transaction_id(endorsed.proposal.key.tx.value);
  response.mutable_submit()->set_validation_code(protos::NOT_VALIDATED);
  *response.mutable_submit()->mutable_result() = std::move(endorsed.result.response);
  reply(address, response);
}

void Gateway::on_malformed(PeerId client, std::string_view reason) {
  refuse({client, 0}, ccbus::INVALID_ARGUMENT, std::string(reason));
}

void Gateway::on_block(const ledger::BlockCommitted& block) {
  counters_.add(Counter::kBlocks);
  for (const ledger::CommittedTransaction& transaction : block.transactions) {
    const bool valid = transaction.code == protos::VALID;
    counters_.add(valid ? Counter::kTransactionsValid : Counter::kTransactionsInvalid);
  }
  submits_.on_block(block);
}

void Gateway::shutdown() {
  stopping_ = true;
  submits_.shutdown();
}

void Gateway::refuse(ReplyAddress address, ccbus::StatusCode code, std::string message) {
  counters_.add(Counter::kClientRequestsRefused);
  ccbus::ClientResponse response;
  *response.mutable_status() = make_status(code, std::move(message));
  send(address, response);
}

void Gateway::reply(ReplyAddress address, ccbus::ClientResponse& response) {
  CCBUS_ASSERT(requests_open_ > 0);
  --requests_open_;
  counters_.add(Counter::kClientRequests);
  send(address, response);
}

void Gateway::send(ReplyAddress address, ccbus::ClientResponse& response) {
  response.set_correlation_id(address.correlation_id);
  if (auto sent = outbox_.send(address.client, response); !sent) {
    counters_.add(Counter::kClientAnswersLost);
    logger_.debug("client.answer_lost client={} why={}", address.client.value,
                  sent.error().message);
  }
}

}  // namespace ccbus::gateway
