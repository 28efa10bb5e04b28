#include "service/gateway/admin/ledger_maintenance.h"

#include <string>
#include <utility>

#include "service/ledger/upkeep/ledger_snapshot.h"

namespace ccbus::gateway {

namespace {

Result<ccbus::LedgerResponse> verify_on_worker(const ledger::ChannelLedger& ledger,
                                               const std::optional<std::filesystem::path>& scratch,
                                               ledger::VerificationProgress& progress) {
  auto found = ledger::verify_ledger(ledger, scratch, progress);
  if (!found) return unexpected(found.error());
  ccbus::LedgerResponse answer;
  ccbus::Verification& verification = *answer.mutable_verification();
  verification.set_blocks(found->blocks);
  verification.set_transactions(found->transactions);
  verification.set_keys(found->keys);
  verification.set_private_values(found->private_values);
  verification.set_last_block_hash(found->last_block_hash);
  verification.set_differences_count(found->differences_count);
  for (std::string& one : found->differences) verification.add_differences(std::move(one));
  return answer;
}

Result<ccbus::LedgerResponse> write_snapshot_on_worker(const ledger::ChannelLedger& ledger,
                                                       const std::filesystem::path& directory,
                                                       const CancellationToken& cancelled) {
  const auto written = ledger::write_snapshot(ledger, directory, cancelled);
  if (!written) return unexpected(written.error());
  ccbus::LedgerResponse answer;
  answer.mutable_snapshot()->set_directory(directory.string());
  answer.mutable_snapshot()->set_height(written->height);
  answer.mutable_snapshot()->set_last_block_hash(written->last_block_hash);
  return answer;
}

}  // namespace

LedgerMaintenance::LedgerMaintenance(const Channels& channels, Background& background,
                                     Replies& replies, std::optional<std::filesystem::path> scratch)
    : channels_(channels),
      background_(background),
      replies_(replies),
      scratch_(std::move(scratch)) {}

bool LedgerMaintenance::is_for(const ccbus::LedgerRequest& request) {
  return request.has_verify() || request.has_snapshot() || request.has_progress();
}

void LedgerMaintenance::ask(PendingRequest pending, const ccbus::LedgerRequest& request) {
  const auto channel = channels_.find(ChannelId{request.channel_id()});
  if (channel == channels_.end()) {
    replies_.reply(std::move(pending), channel_not_found(request.channel_id()));
  } else if (request.has_progress()) {
    answer_progress(std::move(pending), channel->first);
  } else if (running_) {
    replies_.reply(std::move(pending),
                   make_status(ccbus::RESOURCE_EXHAUSTED,
                               "a verification or a snapshot of channel " +
                                   running_->channel.value + " is under way: one at a time"));
  } else if (request.has_verify()) {
    verify(std::move(pending), channel->second.ledger);
  } else {
    write_snapshot(std::move(pending), channel->second.ledger, request.snapshot().directory());
  }
}

void LedgerMaintenance::verify(PendingRequest pending, const Ledger& ledger) {
  auto progress = std::make_shared<ledger::VerificationProgress>();
  auto scratch = scratch_;
  if (scratch) *scratch /= ledger->channel().value;
  begin(std::move(pending), ledger, progress, {},
        [ledger, scratch, progress] { return verify_on_worker(*ledger, scratch, *progress); });
}

void LedgerMaintenance::write_snapshot(PendingRequest pending, const Ledger& ledger,
                                       const std::filesystem::path& directory) {
  if (!directory.is_absolute()) {
    replies_.reply(
        std::move(pending),
        make_status(ccbus::INVALID_ARGUMENT,
                    "the snapshot's directory '" + directory.string() + "' is no absolute path"));
    return;
  }
  CancellationSource cancellation;
  const CancellationToken cancelled = cancellation.token();
  begin(std::move(pending), ledger, std::make_shared<ledger::VerificationProgress>(),
        std::move(cancellation), [ledger, directory, cancelled] {
          return write_snapshot_on_worker(*ledger, directory, cancelled);
        });
}

void LedgerMaintenance::begin(PendingRequest pending, const Ledger& ledger,
                              std::shared_ptr<ledger::VerificationProgress> progress,
                              CancellationSource snapshot,
                              std::function<Result<ccbus::LedgerResponse>()> work) {
  Running running{pending.client(), ledger->channel(), ledger->height(), std::move(progress),
                  std::move(snapshot)};
  WorkLabel label = pending.label();
  pending.on_end({[this] {
    if (running_) running_->cancel();
  }});
  auto job = make_job(
      std::move(pending), std::move(work),
      [this](Now, PendingRequest held, Result<ccbus::LedgerResponse> answer) {
        on_done(std::move(held), std::move(answer));
      },
      [this](PendingRequest held, const Error& why) {
        running_.reset();
        replies_.reply(std::move(held), make_status(why));
      });
  running_ = std::move(running);
  static_cast<void>(background_.submit(std::move(job), std::move(label)));
}

void LedgerMaintenance::answer_progress(PendingRequest pending, const ChannelId& channel) {
  if (!running_ || running_->channel != channel) {
    replies_.reply(
        std::move(pending),
        make_status(ccbus::NOT_FOUND, "nothing is under way on channel " + channel.value));
    return;
  }
  ccbus::ClientResponse response;
  response.mutable_ledger()->set_channel_id(channel.value);
  ccbus::Progress& progress = *response.mutable_ledger()->mutable_progress();
  progress.set_blocks(running_->progress->blocks);
  progress.set_blocks_total(running_->blocks_total);
  progress.set_keys(running_->progress->keys);
  replies_.reply(std::move(pending), response);
}

void LedgerMaintenance::on_done(PendingRequest pending, Result<ccbus::LedgerResponse> answer) {
  const Running done = *std::exchange(running_, std::nullopt);
  if (answer) {
    ccbus::ClientResponse response;
    answer->set_channel_id(done.channel.value);
    *response.mutable_ledger() = std::move(*answer);
    replies_.reply(std::move(pending), response);
  } else if (done.progress->cancelled) {
    replies_.reply(std::move(pending), make_status(ccbus::CANCELLED, answer.error().message));
  } else {
    replies_.reply(std::move(pending), make_status(answer.error()));
  }
}

void LedgerMaintenance::on_client_gone(PeerId client) {
  if (running_ && running_->client == client) running_->cancel();
}

void LedgerMaintenance::on_channel_gone(const ChannelId& channel) {
  if (running_ && running_->channel == channel) running_->cancel();
}

void LedgerMaintenance::shutdown() {
  if (running_) running_->cancel();
}

}  // namespace ccbus::gateway
