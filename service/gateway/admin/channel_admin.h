#pragma once

#include <filesystem>
#include <functional>
#include <optional>

#include "ccbus/client.pb.h"
#include "service/base/ids.h"
#include "service/base/job.h"
#include "service/gateway/channels/channel_host.h"
#include "service/gateway/channels/channels.h"
#include "service/gateway/replies/replies.h"

namespace ccbus::gateway {

// Makes channels and begins them anew while the service runs, one at a time, on a thread of upkeep.
// Bus thread only.
class ChannelAdmin {
 public:
  // Called as a channel goes, with the height that it had, to end what waits for it.
  using Leaving = std::function<void(const ChannelId&, std::uint64_t height)>;

  // The references outlive it, and it outlives the jobs that it has submitted.
  ChannelAdmin(Channels& channels, ChannelHost& host, Background& background, Replies& replies,
               Leaving leaving);

  // Statuses: INVALID_ARGUMENT the id is invalid; ALREADY_EXISTS, NOT_FOUND the channel;
  //           RESOURCE_EXHAUSTED another change is under way; those of ChannelHost.
  void ask(PendingRequest pending, const ccbus::ChannelRequest& request);

  // The channel that is being reset or restored: no request finds it until it is there again.
  [[nodiscard]] const std::optional<ChannelId>& beginning_anew() const { return beginning_anew_; }

  // What is being restored is given up: UNAVAILABLE. The channel is as before.
  void shutdown() { restoring_.cancel(); }

 private:
  // What is to be done with a channel.
  struct Change {
    ChannelId id;
    bool begins_anew = false;  // It is there; what it has is thrown away.
    ChannelBeginning beginning;
  };
  // What was done, and the channel as it is now, changed or not.
  struct Changed {
    Result<void> outcome;
    std::optional<Channel> channel;
  };

  void create(PendingRequest pending, const ccbus::ChannelRequest& request);
  void reset(PendingRequest pending, const ccbus::ChannelRequest& request);
  // Returns false if it was refused; then the client has been told.
  bool submit(PendingRequest pending, Change change);
  // On a worker.
  [[nodiscard]] static Changed carry_out(ChannelHost& host, const Change& change,
                                         const CancellationToken& cancelled);
  void leave(const ChannelId& id);
  void on_changed(PendingRequest pending, const ChannelId& id, Changed changed);

  Channels& channels_;
  ChannelHost& host_;
  Background& background_;
  Replies& replies_;
  const Leaving leaving_;
  bool is_changing_ = false;
  std::optional<ChannelId> beginning_anew_;
  CancellationSource restoring_;
};

}  // namespace ccbus::gateway
