#include "service/gateway/submit.h"

#include <optional>
#include <string>
#include <utility>

#include "service/assert.h"

namespace ccbus::gateway {
namespace {

constexpr const char* kEndorseFailed = "failed to endorse transaction: ";

std::string text(const std::optional<ledger::Version>& version) {
  if (!version) return "absent";
  return "version (" + std::to_string(version->block_num) + "," + std::to_string(version->tx_num) +
         ")";
}

std::string describe(const ledger::CommittedTransaction& transaction, std::uint64_t block) {
  std::string message = "transaction " + transaction.tx_id.value +
                        " failed to commit with status code " + std::to_string(transaction.code) +
                        " (" + protos::TxValidationCode_Name(transaction.code) + ") in block " +
                        std::to_string(block);
  if (const auto& conflict = transaction.conflict) {
    message += ": key '" + conflict->key + "' of namespace '" + conflict->ns + "' was read at " +
               text(conflict->read) + ", and is at " + text(conflict->committed) + " now";
  }
  return message;
}

std::string encode_private_data(const rwset::TxPvtReadWriteSet& data) {
  return data.ns_pvt_rwset_size() == 0 ? std::string() : data.SerializeAsString();
}

ccbus::StatusCode code_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::kExhausted: return ccbus::RESOURCE_EXHAUSTED;
    case ErrorCode::kInvalid: return ccbus::INVALID_ARGUMENT;
    default: return ccbus::UNAVAILABLE;
  }
}

}  // namespace

Submits::Submits(const Channels& channels, Reply reply)
    : channels_(channels), reply_(std::move(reply)) {}

void Submits::order(ReplyAddress address, Endorsed endorsed) {
  ccbus::ClientResponse response;
  ccbus::SubmitResponse& answer = *response.mutable_submit();
  answer.set_transaction_id(endorsed.proposal.key.tx.value);
  answer.set_validation_code(protos::NOT_VALIDATED);
  const auto refuse = [&](ccbus::StatusCode code, std::string message) {
    *response.mutable_status() = make_status(code, std::move(message));
    reply_(address, response);
  };

  if (endorsed.status.code() != ccbus::OK) {
    refuse(endorsed.status.code(), kEndorseFailed + endorsed.status.message());
    return;
  }
  chaincode::ExecutionResult& result = endorsed.result;
  *answer.mutable_result() = result.response;
  if (!is_success(result.response)) {
    refuse(ccbus::UNKNOWN,
           kEndorseFailed + ("chaincode response " + std::to_string(result.response.status()) +
                             ", " + result.response.message()));
    return;
  }
  auto results = result.simulator->results();
  CCBUS_ASSERT(results.has_value());  // Taken here, once.
  result.simulator->done();
  std::string envelope =
      transaction_envelope(endorsed.proposal, results->public_data, result.response, result.event);
  if (result.event) *answer.mutable_event() = std::move(*result.event);

  TxKey key = std::move(endorsed.proposal.key);
  const Channel& channel = channels_.at(key.channel);
  if (auto taken = channel.orderer->broadcast(
          {key.tx, std::move(envelope), encode_private_data(results->private_data)});
      !taken) {
    refuse(code_of(taken.error().code), taken.error().message);
    return;
  }
  const bool added = waiting_.emplace(std::move(key), Waiting{address, std::move(response)}).second;
  CCBUS_ASSERT(added);
}

void Submits::on_block(const ledger::BlockCommitted& block) {
  TxKey key{block.channel, {}};
  for (const ledger::CommittedTransaction& transaction : block.transactions) {
    key.tx = transaction.tx_id;
    auto node = waiting_.extract(key);
    if (node.empty()) continue;
    ccbus::ClientResponse& response = node.mapped().response;
    response.mutable_submit()->set_block_number(block.number);
    response.mutable_submit()->set_validation_code(transaction.code);
    if (transaction.code != protos::VALID) {
      *response.mutable_status() = make_status(ccbus::ABORTED, describe(transaction, block.number));
    }
    reply_(node.mapped().address, response);
  }
}

void Submits::shutdown() {
  for (auto& [key, waiting] : std::exchange(waiting_, {})) {
    *waiting.response.mutable_status() = make_status(
        ccbus::UNAVAILABLE,
        "the service is shutting down; the outcome of transaction " + key.tx.value + " is unknown");
    reply_(waiting.address, waiting.response);
  }
}

}  // namespace ccbus::gateway
