#pragma once

#include <memory>
#include <optional>

#include "service/base/clock.h"
#include "service/base/ids.h"
#include "service/base/job.h"
#include "service/base/move_only_function.h"
#include "service/base/result.h"
#include "service/gateway/channels/channels.h"
#include "service/gateway/transactions/service_identities.h"
#include "service/security/keys/key_holders.h"

namespace ccbus::gateway {

// Finds who creates the transactions of clients that do not sign themselves: where clients are
// asked for keys, a client of an organisation of development that stands for the key, so that
// chaincode tells one from the other; else the one client that stands for all.
//
// Thread: bus thread only. Blocks: never.
class ClientCreators {
 public:
  using Identity = ServiceIdentities::Identity;
  using Then = MoveOnlyFunction<void(Now, Result<Identity>)>;

  // All of them outlive it.
  struct Parts {
    const Channels& channels;
    const ServiceIdentities& identities;
    const security::KeyHolders& holders;
    Background& background;  // Makes identities.
  };

  explicit ClientCreators(const Parts& with) : with_(with) {}

  // Returns nullopt if the identity of the client's key has to be made, by find().
  // Errors: kPrecondition  the service has a client in none of the channel's organisations, so that
  //                        clients have to sign themselves
  [[nodiscard]] std::optional<Result<Identity>> known(PeerId client,
                                                      const ChannelId& channel) const;

  // Calls `then` exactly once: before this returns if the identity is known, or after a worker has
  // made it, which takes some milliseconds on a disk, once for each key.
  // Errors, besides: kInvalid  the key's name is too long for a certificate, or no text
  //                  kIo; those of Background
  void find(Now now, PeerId client, const ChannelId& channel, Then then);

 private:
  // Null where keys have no identities of their own.
  [[nodiscard]] std::shared_ptr<const security::DevIdentities> development(
      PeerId client, const ChannelId& channel) const;

  const Parts with_;
};

}  // namespace ccbus::gateway
