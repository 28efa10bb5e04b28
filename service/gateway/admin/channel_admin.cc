#include "service/gateway/admin/channel_admin.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "service/base/channel_id.h"
#include "service/base/limits.h"

namespace ccbus::gateway {
namespace {}  // namespace

// Makes a channel, or begins it anew.
class ChannelAdmin::ChangeJob final : public Job {
 public:
  ChangeJob(ChannelAdmin& admin, ReplyAddress address, ChannelId id)
      : admin_(admin), host_(admin.host_), address_(address), id_(std::move(id)) {}

  void begin_anew() { anew_ = true; }
  void restore_from(std::filesystem::path snapshot) { snapshot_ = std::move(snapshot); }
  [[nodiscard]] ReplyAddress address() const { return address_; }

  void run() override {
    if (anew_) {
      outcome_ = host_.replace(id_, snapshot_);
      there_ = host_.find(id_);
    } else if (auto made = host_.make(id_, snapshot_)) {
      there_ = std::move(*made);
    } else {
      outcome_ = unexpected(made.error());
    }
  }

  void finish(Now) override {
    admin_.on_changed(address_, id_, std::move(outcome_), std::move(there_));
  }

  void drop() override { admin_.replies_.reply(address_, shutting_down()); }

 private:
  ChannelAdmin& admin_;  // Bus thread only.
  ChannelHost& host_;
  const ReplyAddress address_;
  const ChannelId id_;
  bool anew_ = false;
  std::optional<std::filesystem::path> snapshot_;
  Result<void> outcome_;
  std::optional<Channel> there_;
};

ChannelAdmin::ChannelAdmin(Channels& channels, ChannelHost& host, Background& background,
                           Replies& replies, Leaving leaving)
    : channels_(channels),
      host_(host),
      background_(background),
      replies_(replies),
      leaving_(std::move(leaving)) {}

void ChannelAdmin::ask(ReplyAddress address, const ccbus::ChannelRequest& request) {
  if (is_changing_) {
    replies_.reply(address, make_status(ccbus::RESOURCE_EXHAUSTED,
                                        "another channel is being changed: one "
                                        "at a time"));
    return;
  }
  switch (request.action_case()) {
    case ccbus::ChannelRequest::kCreate: return create(address, request);
    case ccbus::ChannelRequest::kReset: return reset(address, request);
    case ccbus::ChannelRequest::ACTION_NOT_SET: break;
  }
  replies_.reply(address, make_status(ccbus::INVALID_ARGUMENT,
                                      "what is to be done with the channel is not said"));
}

void ChannelAdmin::create(ReplyAddress address, const ccbus::ChannelRequest& request) {
  ChannelId id{request.channel_id()};
  if (auto allowed = check_channel_id(id.value, Limits{}.name_bytes_max); !allowed) {
    replies_.reply(address, make_status(allowed.error()));
    return;
  }
  const std::string& snapshot = request.create().snapshot_directory();
  const auto there = channels_.find(id);
  const bool exists = there != channels_.end();
  if (exists && (snapshot.empty() || there->second.ledger->height() > 0)) {
    replies_.reply(address, make_status(ccbus::ALREADY_EXISTS,
                                        "channel '" + id.value + "' exists, at height " +
                                            std::to_string(there->second.ledger->height())));
    return;
  }
  auto job = std::make_unique<ChangeJob>(*this, address, id);
  if (!snapshot.empty()) job->restore_from(snapshot);
  if (exists) job->begin_anew();
  if (submit(std::move(job)) && exists) leave(id);
}

void ChannelAdmin::reset(ReplyAddress address, const ccbus::ChannelRequest& request) {
  ChannelId id{request.channel_id()};
  if (!channels_.contains(id)) {
    replies_.reply(address, channel_not_found(id.value));
    return;
  }
  auto job = std::make_unique<ChangeJob>(*this, address, id);
  job->begin_anew();
  if (submit(std::move(job))) leave(id);
}

// From here on nobody finds it any more.
void ChannelAdmin::leave(const ChannelId& id) {
  channels_.erase(id);
  leaving_(id);
}

bool ChannelAdmin::submit(std::unique_ptr<ChangeJob> job) {
  const ReplyAddress address = job->address();
  is_changing_ = background_.submit(std::move(job));
  if (!is_changing_) replies_.reply(address, too_many_jobs());
  return is_changing_;
}

void ChannelAdmin::on_changed(ReplyAddress address, const ChannelId& id, Result<void> outcome,
                              std::optional<Channel> there) {
  is_changing_ = false;
  ccbus::ClientResponse response;
  response.mutable_channel()->set_channel_id(id.value);
  if (there) {
    response.mutable_channel()->set_height(there->ledger->height());
    channels_.emplace(id, std::move(*there));
  }
  if (outcome) {
    replies_.reply(address, response);
  } else {
    replies_.reply(address, make_status(outcome.error()));
  }
}

}  // namespace ccbus::gateway
