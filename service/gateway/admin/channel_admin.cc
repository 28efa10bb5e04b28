#include "service/gateway/admin/channel_admin.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "service/base/channel_id.h"
#include "service/base/limits.h"

namespace ccbus::gateway {

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
                                        "another channel is being changed: one at a time"));
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
  Change change{address, id, exists, std::nullopt};
  if (!snapshot.empty()) change.snapshot = snapshot;
  if (submit(std::move(change)) && exists) leave(id);
}

void ChannelAdmin::reset(ReplyAddress address, const ccbus::ChannelRequest& request) {
  ChannelId id{request.channel_id()};
  if (!channels_.contains(id)) {
    replies_.reply(address, channel_not_found(id.value));
    return;
  }
  if (submit({address, id, true, std::nullopt})) leave(id);
}

// From now on no request finds the channel.
void ChannelAdmin::leave(const ChannelId& id) {
  channels_.erase(id);
  leaving_(id);
}

bool ChannelAdmin::submit(Change change) {
  auto job = make_job([&host = host_, change] { return carry_out(host, change); },
                      [this, change](Now, Changed changed) { on_changed(change, changed); },
                      [this, change] { replies_.reply(change.address, shutting_down()); });
  is_changing_ = background_.submit(std::move(job));
  if (!is_changing_) replies_.reply(change.address, too_many_jobs());
  return is_changing_;
}

ChannelAdmin::Changed ChannelAdmin::carry_out(ChannelHost& host, const Change& change) {
  if (change.begins_anew) {
    auto outcome = host.replace(change.id, change.snapshot);
    return {std::move(outcome), host.find(change.id)};
  }
  auto made = host.make(change.id, change.snapshot);
  if (!made) return {unexpected(made.error()), std::nullopt};
  return {{}, std::move(*made)};
}

void ChannelAdmin::on_changed(const Change& change, Changed& changed) {
  is_changing_ = false;
  ccbus::ClientResponse response;
  response.mutable_channel()->set_channel_id(change.id.value);
  if (changed.channel) {
    response.mutable_channel()->set_height(changed.channel->ledger->height());
    channels_.emplace(change.id, std::move(*changed.channel));
  }
  if (changed.outcome) {
    replies_.reply(change.address, response);
  } else {
    replies_.reply(change.address, make_status(changed.outcome.error()));
  }
}

}  // namespace ccbus::gateway
