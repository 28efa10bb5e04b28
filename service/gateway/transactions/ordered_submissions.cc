#include "service/gateway/transactions/ordered_submissions.h"

#include <exception>
#include <utility>

#include "service/base/assert.h"
#include "service/gateway/transactions/conflict_report.h"

namespace ccbus::gateway {
namespace {

constexpr const char* kLogHalted = "the log of the channel is out of reach";
constexpr const char* kLedgerClosed = "the disk of the ledger refused a block";

}  // namespace

ccbus::ClientResponse begin_response(const TxId& tx, std::uint32_t retried) {
  ccbus::ClientResponse response;
  ccbus::SubmitResponse& answer = *response.mutable_submit();
  answer.set_transaction_id(tx.value);
  answer.set_validation_code(protos::NOT_VALIDATED);
  answer.set_retries(retried);
  return response;
}

bool OrderedSubmissions::order(Submission submission, Endorsement endorsement) {
  if (submission.request.has_ended()) return false;
  ccbus::ClientResponse response = begin_response(endorsement.key.tx, submission.retried);
  *response.mutable_submit()->mutable_result() = std::move(endorsement.response);
  if (endorsement.event) *response.mutable_submit()->mutable_event() = *endorsement.event;

  const auto refuse = [&](ccbus::Status status) {
    *response.mutable_status() = std::move(status);
    replies_.reply(std::move(submission.request), response);
    return false;
  };
  const auto channel = channels_.find(endorsement.key.channel);
  if (channel == channels_.end() ||
      (submission.ledger && submission.ledger != channel->second.ledger)) {
    return refuse(make_status(ccbus::UNAVAILABLE, kChannelGone));
  }
  if (waiting_.contains(endorsement.key)) {
    return refuse(make_status(
        ccbus::ALREADY_EXISTS,
        "duplicate transaction found [" + endorsement.key.tx.value + "]: it waits for its block"));
  }
  const PeerId client = submission.request.client();
  const auto until = submission.until;
  OrderedEnvelope envelope{endorsement.key.tx,
                           std::move(endorsement.envelope),
                           std::move(endorsement.private_data),
                           {},
                           client};
  // It waits before it is ordered: afterwards nothing may be lost.
  const auto [at, added] = waiting_.emplace(std::move(endorsement.key),
                                            Waiting{std::move(submission), std::move(response)});
  CCBUS_ASSERT(added);
  Result<void> taken;
  try {
    taken = channel->second.orderer->broadcast(std::move(envelope));
  } catch (...) {
    waiting_.erase(at);  // Answers the request.
    throw;
  }
  if (taken && until == ccbus::SubmitRequest::COMMITTED) {
    // It may end early, which leaves the transaction where it is.
    at->second.submission.request.on_end(
        {[this, key = &at->first] { waiting_.extract(waiting_.find(*key)); },
         &at->second.response});
    return true;
  }
  Waiting waiting = std::move(waiting_.extract(at).mapped());
  if (!taken) {
    const bool has_stopped = taken.error().code == ErrorCode::kPrecondition;
    *waiting.response.mutable_status() =
        has_stopped ? make_status(ccbus::UNAVAILABLE, taken.error().message)
                    : make_status(taken.error());
  }
  replies_.reply(std::move(waiting.submission.request), waiting.response);
  return taken.has_value();
}

void OrderedSubmissions::on_block(Now now, const ledger::BlockCommitted& block) noexcept {
  for (const ledger::CommittedTransaction& transaction : block.transactions) {
    if (waiting_.empty()) return;
    const auto at = waiting_.find(TxKeyView{block.channel.value, transaction.tx_id.value});
    if (at == waiting_.end()) continue;
    auto node = waiting_.extract(at);
    try {
      finish(now, std::move(node.mapped()), block.number, transaction);
    } catch (const std::exception&) {  // Its request was answered by its destructor.
    }
  }
}

void OrderedSubmissions::finish(Now now, Waiting waiting, std::uint64_t block,
                                const ledger::CommittedTransaction& transaction) {
  Submission& submission = waiting.submission;
  submission.request.on_end({});
  if (is_conflict(transaction.code) && submission.retry != nullptr && submission.retry->left > 0) {
    --submission.retry->left;
    ++submission.retried;
    return run_again_(now, std::move(submission));
  }
  ccbus::SubmitResponse& answer = *waiting.response.mutable_submit();
  answer.set_block_number(block);
  waiting.response.set_height(block + 1);
  answer.set_validation_code(transaction.code);
  if (transaction.conflict) write_conflict(*transaction.conflict, *answer.mutable_conflict());
  if (transaction.code != protos::VALID) {
    *waiting.response.mutable_status() =
        make_status(ccbus::ABORTED, describe_invalid(transaction, block));
  }
  replies_.reply(std::move(submission.request), waiting.response);
}

void OrderedSubmissions::on_channel_gone(const ChannelId& channel) noexcept {
  give_up_all_of(channel, kChannelGone);
}

void OrderedSubmissions::on_ledger_closed(const ChannelId& channel) noexcept {
  give_up_all_of(channel, kLedgerClosed);
}

void OrderedSubmissions::on_log_halted(const ChannelId& channel) noexcept {
  give_up_all_of(channel, kLogHalted);
}

void OrderedSubmissions::give_up_all_of(const ChannelId& channel, const char* why) noexcept {
  for (auto at = waiting_.begin(); at != waiting_.end();) {
    const auto current = at++;
    if (current->first.channel != channel) continue;
    auto node = waiting_.extract(current);
    give_up(std::move(node.mapped()), node.key().tx, why);
  }
}

void OrderedSubmissions::shutdown() noexcept {
  for (auto& [key, waiting] : std::exchange(waiting_, {})) {
    give_up(std::move(waiting), key.tx, kShuttingDown);
  }
}

void OrderedSubmissions::give_up(Waiting waiting, const TxId& tx, const char* why) noexcept {
  try {
    *waiting.response.mutable_status() =
        make_status(ccbus::UNAVAILABLE,
                    std::string(why) + "; the outcome of transaction " + tx.value + " is unknown");
    replies_.reply(std::move(waiting.submission.request), waiting.response);
  } catch (const std::exception&) {  // The request was answered by its destructor.
  }
}

}  // namespace ccbus::gateway
