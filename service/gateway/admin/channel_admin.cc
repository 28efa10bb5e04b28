#include "service/gateway/admin/channel_admin.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "service/base/channel_id.h"
#include "service/base/limits.h"

namespace ccbus::gateway {
namespace {

ccbus::Status wrong_state_database(const std::string& name, bool is_known) {
  return make_status(ccbus::INVALID_ARGUMENT,
                     is_known
                         ? "a channel from a snapshot has the snapshot's state database"
                         : "state database '" + name + "' is neither " +
                               std::string(kEmbeddedName) + " nor " + std::string(kCouchDbName));
}

}  // namespace

ChannelAdmin::ChannelAdmin(Channels& channels, ChannelHost& host, Background& background,
                           Replies& replies, Leaving leaving)
    : channels_(channels),
      host_(host),
      background_(background),
      replies_(replies),
      leaving_(std::move(leaving)) {}

void ChannelAdmin::ask(PendingRequest pending, const ccbus::ChannelRequest& request) {
  if (is_changing_) {
    replies_.reply(
        std::move(pending),
        make_status(ccbus::RESOURCE_EXHAUSTED, "another channel is being changed: one at a time"));
    return;
  }
  switch (request.action_case()) {
    case ccbus::ChannelRequest::kCreate: return create(std::move(pending), request);
    case ccbus::ChannelRequest::kReset: return reset(std::move(pending), request);
    case ccbus::ChannelRequest::kConfigure:  // Of channel_configuration.h.
    case ccbus::ChannelRequest::ACTION_NOT_SET: break;
  }
  replies_.reply(
      std::move(pending),
      make_status(ccbus::INVALID_ARGUMENT, "what is to be done with the channel is not said"));
}

void ChannelAdmin::create(PendingRequest pending, const ccbus::ChannelRequest& request) {
  ChannelId id{request.channel_id()};
  if (auto allowed = check_channel_id(id.value, Limits{}.name_bytes_max); !allowed) {
    replies_.reply(std::move(pending), make_status(allowed.error()));
    return;
  }
  const std::string& snapshot = request.create().snapshot_directory();
  const std::string& wanted = request.create().state_database();
  const auto database = state_database_of(wanted);
  if (!wanted.empty() && (!database || !snapshot.empty())) {
    replies_.reply(std::move(pending), wrong_state_database(wanted, database.has_value()));
    return;
  }
  const auto there = channels_.find(id);
  const bool exists = there != channels_.end();
  if (exists && (snapshot.empty() || there->second.ledger->height() > 0)) {
    replies_.reply(
        std::move(pending),
        make_status(ccbus::ALREADY_EXISTS, "channel '" + id.value + "' exists, at height " +
                                               std::to_string(there->second.ledger->height())));
    return;
  }
  Change change{id, exists, {}};
  if (!snapshot.empty()) change.beginning.snapshot = snapshot;
  change.beginning.state_database = database;
  if (submit(std::move(pending), std::move(change)) && exists) leave(id);
}

void ChannelAdmin::reset(PendingRequest pending, const ccbus::ChannelRequest& request) {
  ChannelId id{request.channel_id()};
  if (!channels_.contains(id)) {
    replies_.reply(std::move(pending), channel_not_found(id.value));
    return;
  }
  if (submit(std::move(pending), {id, true, {}})) leave(id);
}

// From now on no request finds the channel.
void ChannelAdmin::leave(const ChannelId& id) {
  beginning_anew_ = id;
  std::uint64_t height = 0;
  if (const auto at = channels_.find(id); at != channels_.end()) {
    height = at->second.ledger->height();
    channels_.erase(at);
  }
  leaving_(id, height);
}

// A change is carried out even if its client leaves: its job is never cancelled.
bool ChannelAdmin::submit(PendingRequest pending, Change change) {
  const WorkLabel label{pending.owner(), {}};
  auto job = make_job(
      std::move(pending),
      [&host = host_, change, cancelled = restoring_.token()] {
        return carry_out(host, change, cancelled);
      },
      [this, id = change.id](Now, PendingRequest held, Changed changed) {
        on_changed(std::move(held), id, std::move(changed));
      },
      [this, change](PendingRequest held, const Error& why) {
        is_changing_ = false;
        beginning_anew_.reset();
        if (change.begins_anew) channels_.emplace(change.id, host_.find(change.id));
        replies_.reply(std::move(held), make_status(why));
      });
  is_changing_ = true;
  return background_.submit(std::move(job), label);
}

ChannelAdmin::Changed ChannelAdmin::carry_out(ChannelHost& host, const Change& change,
                                              const CancellationToken& cancelled) {
  if (change.begins_anew) {
    auto outcome = host.replace(change.id, change.beginning, cancelled);
    return {std::move(outcome), host.find(change.id)};
  }
  auto made = host.make(change.id, change.beginning, cancelled);
  if (!made) return {unexpected(made.error()), std::nullopt};
  return {{}, std::move(*made)};
}

void ChannelAdmin::on_changed(PendingRequest pending, const ChannelId& id, Changed changed) {
  is_changing_ = false;
  beginning_anew_.reset();
  ccbus::ClientResponse response;
  response.mutable_channel()->set_channel_id(id.value);
  if (changed.channel) {
    response.mutable_channel()->set_height(changed.channel->ledger->height());
    response.mutable_channel()->set_state_database(
        std::string(name_of(changed.channel->ledger->state_database())));
    channels_.emplace(id, std::move(*changed.channel));
  }
  if (changed.outcome) {
    replies_.reply(std::move(pending), response);
  } else if (replies_.is_closed() && changed.outcome.error().code == ErrorCode::kDeadline) {
    replies_.reply(std::move(pending), shutting_down());
  } else {
    replies_.reply(std::move(pending), make_status(changed.outcome.error()));
  }
}

}  // namespace ccbus::gateway
