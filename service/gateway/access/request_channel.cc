#include "service/gateway/access/request_channel.h"

#include <utility>

#include "fabric/gateway/gateway.pb.h"
#include "fabric/peer/chaincode.pb.h"
#include "service/base/parse_message.h"
#include "service/gateway/access/signed_header.h"

namespace ccbus::gateway {
namespace {

const std::string& in_header(common::ChannelHeader header, std::string& of_bytes) {
  of_bytes = std::move(*header.mutable_channel_id());
  return of_bytes;
}

// Of an evaluate or an endorse.
template <class Call>
const std::string& of_call(const Call& call, std::string& of_bytes) {
  if (!call.has_proposed_transaction()) return call.invocation().channel_id();
  return in_header(header_of_proposal(call.proposed_transaction().proposal_bytes()), of_bytes);
}

// The chaincode that an evaluate or an endorse calls.
template <class Call>
std::string called_by(const Call& call) {
  if (!call.has_proposed_transaction()) return call.invocation().chaincode_name();
  const auto header = header_of_proposal(call.proposed_transaction().proposal_bytes());
  protos::ChaincodeHeaderExtension extension;
  return parse(extension, header.extension()) ? extension.chaincode_id().name() : std::string();
}

const std::string& of_submit(const ccbus::SubmitRequest& submit, std::string& of_bytes) {
  if (submit.has_invocation()) return submit.invocation().channel_id();
  return in_header(header_of_payload(submit.prepared_transaction().payload()), of_bytes);
}

const std::string& of_blocks(const ccbus::BlockEventsRequest& blocks, std::string& of_bytes) {
  if (!blocks.has_signed_request()) return blocks.channel_id();
  return in_header(header_of_payload(blocks.signed_request().payload()), of_bytes);
}

// Of a request for a status or for events; `Signed` is what a client signs of it.
template <class Signed, class Question>
const std::string& of_question(const Question& question, std::string& of_bytes) {
  if (!question.has_signed_request()) return question.channel_id();
  Signed given;
  if (parse(given, question.signed_request().request())) {
    of_bytes = std::move(*given.mutable_channel_id());
  }
  return of_bytes;
}

}  // namespace

std::string chaincode_of(const ccbus::ClientRequest& request) {
  using Request = ccbus::ClientRequest;
  switch (request.request_case()) {
    case Request::kEvaluate: return called_by(request.evaluate());
    case Request::kEndorse: return called_by(request.endorse());
    case Request::kSubmit: return request.submit().invocation().chaincode_name();
    default: return {};
  }
}

const std::string& channel_of(const ccbus::ClientRequest& request, std::string& of_bytes) {
  using Request = ccbus::ClientRequest;
  of_bytes.clear();
  switch (request.request_case()) {
    case Request::kEvaluate: return of_call(request.evaluate(), of_bytes);
    case Request::kEndorse: return of_call(request.endorse(), of_bytes);
    case Request::kSubmit: return of_submit(request.submit(), of_bytes);
    case Request::kCommitStatus:
      return of_question<::gateway::CommitStatusRequest>(request.commit_status(), of_bytes);
    case Request::kChaincodeEvents:
      return of_question<::gateway::ChaincodeEventsRequest>(request.chaincode_events(), of_bytes);
    case Request::kBlockEvents: return of_blocks(request.block_events(), of_bytes);
    case Request::kDefine: return request.define().channel_id();
    case Request::kLedger: return request.ledger().channel_id();
    case Request::kChannel: return request.channel().channel_id();
    case Request::kStatus:
    case Request::kKeys:
    case Request::kCancel:
    case Request::REQUEST_NOT_SET: return of_bytes;
  }
  return of_bytes;
}

}  // namespace ccbus::gateway
