// The signed requests of identity.h for a status and for events.
#include <utility>

#include "ccbus/client/identity.h"
#include "fabric/gateway/gateway.pb.h"

namespace ccbus::client {

SignedStep make_commit_status(const std::string& channel_id, const std::string& transaction_id,
                              const Identity& asker) {
  ::gateway::CommitStatusRequest question;
  question.set_channel_id(channel_id);
  question.set_transaction_id(transaction_id);
  question.set_identity(asker.serialized());
  return {transaction_id, question.SerializeAsString()};
}

CommitStatusRequest signed_commit_status(const SignedStep& question, std::string signature) {
  CommitStatusRequest request;
  request.mutable_signed_request()->set_request(question.bytes);
  request.mutable_signed_request()->set_signature(std::move(signature));
  return request;
}

SignedStep make_events(const std::string& channel_id, const std::string& chaincode_name,
                       const Identity& asker, const EventsStart& start) {
  ::gateway::ChaincodeEventsRequest question;
  question.set_channel_id(channel_id);
  question.set_chaincode_id(chaincode_name);
  question.set_identity(asker.serialized());
  if (start.block_number) {
    question.mutable_start_position()->mutable_specified()->set_number(*start.block_number);
  }
  question.set_after_transaction_id(start.after_transaction_id);
  return {{}, question.SerializeAsString()};
}

ChaincodeEventsRequest signed_events(const SignedStep& question, std::string signature) {
  ChaincodeEventsRequest request;
  request.mutable_signed_request()->set_request(question.bytes);
  request.mutable_signed_request()->set_signature(std::move(signature));
  return request;
}

Reply commit_status(Client& client, const std::string& channel_id,
                    const std::string& transaction_id, const Identity& asker,
                    std::chrono::milliseconds timeout) {
  const SignedStep question = make_commit_status(channel_id, transaction_id, asker);
  return client.commit_status(signed_commit_status(question, asker.sign(question.bytes)), timeout);
}

ChaincodeEventsRequest signed_events(const std::string& channel_id,
                                     const std::string& chaincode_name, const Identity& asker) {
  const SignedStep question = make_events(channel_id, chaincode_name, asker);
  return signed_events(question, asker.sign(question.bytes));
}

}  // namespace ccbus::client
