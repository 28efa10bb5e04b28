#include "bindings/cpp/src/client/heights.h"

#include <algorithm>

#include "fabric/common/common.pb.h"
#include "fabric/gateway/gateway.pb.h"
#include "fabric/peer/proposal.pb.h"

namespace ccbus::client {
namespace {

std::string in_header(const common::Header& header) {
  common::ChannelHeader channel;
  return channel.ParseFromString(header.channel_header()) ? channel.channel_id() : std::string();
}

template <class Call>
std::string of_call(const Call& call) {
  if (!call.has_proposed_transaction()) return call.invocation().channel_id();
  protos::Proposal proposal;
  common::Header header;
  const bool is_readable = proposal.ParseFromString(call.proposed_transaction().proposal_bytes()) &&
                           header.ParseFromString(proposal.header());
  return is_readable ? in_header(header) : std::string();
}

std::string of_submit(const SubmitRequest& submit) {
  if (submit.has_invocation()) return submit.invocation().channel_id();
  common::Payload payload;
  const bool is_readable = payload.ParseFromString(submit.prepared_transaction().payload());
  return is_readable ? in_header(payload.header()) : std::string();
}

template <class Signed, class Question>
std::string of_question(const Question& question) {
  if (!question.has_signed_request()) return question.channel_id();
  Signed given;
  return given.ParseFromString(question.signed_request().request()) ? given.channel_id()
                                                                    : std::string();
}

// Empty if it is about none.
std::string channel_of(const ClientRequest& request) {
  switch (request.request_case()) {
    case ClientRequest::kEvaluate: return of_call(request.evaluate());
    case ClientRequest::kEndorse: return of_call(request.endorse());
    case ClientRequest::kSubmit: return of_submit(request.submit());
    case ClientRequest::kCommitStatus:
      return of_question<::gateway::CommitStatusRequest>(request.commit_status());
    case ClientRequest::kChaincodeEvents:
      return of_question<::gateway::ChaincodeEventsRequest>(request.chaincode_events());
    case ClientRequest::kBlockEvents: return request.block_events().channel_id();
    case ClientRequest::kDefine: return request.define().channel_id();
    case ClientRequest::kLedger: return request.ledger().channel_id();
    case ClientRequest::kChannel: return request.channel().channel_id();
    default: return {};
  }
}

// In an answer that is from a state; after the time to wait for a height; or as the channel is
// reset, or the service goes away.
bool tells_of_a_new_beginning(const ClientResponse& response) {
  switch (response.status().code()) {
    case OK: return response.height() > 0;
    case DEADLINE_EXCEEDED:
    case UNAVAILABLE: return true;
    default: return false;
  }
}

}  // namespace

Heights::Asked Heights::ask(ClientRequest& request) {
  Asked asked{nullptr, request.min_height(), false};
  const std::string channel = channel_of(request);
  if (channel.empty()) return asked;
  auto at = channels_.find(channel);
  if (at == channels_.end()) {
    if (channels_.size() >= kChannelsMax) return asked;
    at = channels_.emplace(channel, 0).first;
  }
  asked.channel = &at->second;
  asked.begins_anew = request.channel().has_create() || request.channel().has_reset();
  if (asked.begins_anew) return asked;
  if (asked.min_height == 0) asked.min_height = at->second;
  request.set_min_height(asked.min_height);
  return asked;
}

void Heights::learn(const Asked& asked, const ClientResponse& response) {
  if (asked.channel == nullptr) return;
  std::uint64_t& known = *asked.channel;
  if (asked.begins_anew) {
    if (response.status().code() == OK) known = response.channel().height();
  } else if (response.height() < asked.min_height && tells_of_a_new_beginning(response)) {
    known = std::min(known, response.height());
  } else {
    known = std::max(known, response.height());
  }
}

}  // namespace ccbus::client
