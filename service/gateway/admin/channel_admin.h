#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "ccbus/client.pb.h"
#include "service/base/ids.h"
#include "service/base/job.h"
#include "service/gateway/channels/channel_host.h"
#include "service/gateway/channels/latest_simulators.h"
#include "service/gateway/replies/replies.h"

namespace ccbus::gateway {

// Channels that come and go while the service runs; one change at a time. Bus thread only.
class ChannelAdmin {
 public:
  // Called before a channel goes: whoever waits for it has to be told.
  using Leaving = std::function<void(const ChannelId&)>;

  // The references outlive it. Jobs it has submitted finish before it goes, or never.
  ChannelAdmin(Channels& channels, ChannelHost& host, Background& background, Replies& replies,
               Leaving leaving);

  // Statuses: INVALID_ARGUMENT a name that is none; ALREADY_EXISTS, NOT_FOUND the channel;
  //           RESOURCE_EXHAUSTED another change is under way; those of ChannelHost.
  void ask(ReplyAddress address, const ccbus::ChannelRequest& request);

 private:
  class ChangeJob;

  void create(ReplyAddress address, const ccbus::ChannelRequest& request);
  void reset(ReplyAddress address, const ccbus::ChannelRequest& request);
  // False: refused, and told so.
  bool submit(std::unique_ptr<ChangeJob> job);
  void leave(const ChannelId& id);
  // `there`: the channel as it is now, changed or not.
  void on_changed(ReplyAddress address, const ChannelId& id, Result<void> outcome,
                  std::optional<Channel> there);

  Channels& channels_;
  ChannelHost& host_;
  Background& background_;
  Replies& replies_;
  const Leaving leaving_;
  bool is_changing_ = false;
};

}  // namespace ccbus::gateway
