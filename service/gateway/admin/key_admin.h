#pragma once

#include <functional>
#include <string_view>

#include "ccbus/client.pb.h"
#include "service/base/clock.h"
#include "service/base/job.h"
#include "service/gateway/replies/replies.h"
#include "service/security/keys/key_store.h"

namespace ccbus::gateway {

// How many connections a key has to each endpoint.
struct KeyConnections {
  std::uint64_t chaincodes = 0;
  std::uint64_t clients = 0;
};

// Where keys are asked for: who may connect. The store outlives this object and its jobs.
struct KeyDirectory {
  security::KeyStore* store = nullptr;  // Null: nobody is asked for a key.
  // Bus thread. The first is called after the store has changed.
  std::function<void(Now)> on_changed;
  std::function<KeyConnections(std::string_view public_key)> connections_of;
};

// The name of a key, and what it allows; without its connections.
[[nodiscard]] ccbus::KeyStatus key_status(const security::AllowedKey& key);

// Tells who may connect, and reads the directory of keys again. Bus thread.
class KeyAdmin {
 public:
  // The references outlive it.
  KeyAdmin(KeyDirectory directory, Background& background, Replies& replies)
      : directory_(std::move(directory)), background_(background), replies_(replies) {}

  void ask(PendingRequest pending, const ccbus::KeysRequest& request);

 private:
  using Reloaded = Result<security::KeyStore::Reload>;

  void answer(Now now, PendingRequest pending, const Reloaded& reloaded);

  const KeyDirectory directory_;
  Background& background_;
  Replies& replies_;
};

}  // namespace ccbus::gateway
