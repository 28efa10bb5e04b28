#include "service/gateway/admin/key_admin.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

namespace ccbus::gateway {
namespace {

std::vector<security::AllowedKeyPtr> by_name(const security::AllowedKeys& keys) {
  std::vector<security::AllowedKeyPtr> sorted;
  sorted.reserve(keys.by_public_key.size());
  for (const auto& [public_key, key] : keys.by_public_key) sorted.push_back(key);
  std::ranges::sort(sorted, {}, [](const auto& key) { return key->name; });
  return sorted;
}

}  // namespace

ccbus::KeyStatus key_status(const security::AllowedKey& key) {
  ccbus::KeyStatus status;
  status.set_name(key.name);
  status.set_public_key(key.public_key);
  for (auto& [property, value] : key.permissions.metadata()) {
    (*status.mutable_permissions())[property] = value;
  }
  return status;
}

void KeyAdmin::ask(PendingRequest pending, const ccbus::KeysRequest& request) {
  if (directory_.store == nullptr) {
    return replies_.reply(std::move(pending),
                          make_status(ccbus::FAILED_PRECONDITION,
                                      "nobody is asked for a key: security.serverKey is not set"));
  }
  const WorkLabel label{pending.owner(), {}};
  auto job = make_job(
      std::move(pending),
      [store = directory_.store, reload = request.reload()] {
        if (reload) return store->reload();
        security::KeyStore::Reload unchanged;
        if (const auto keys = store->keys()) unchanged.errors = keys->errors;
        return Reloaded(std::move(unchanged));
      },
      [this](Now now, PendingRequest held, const Reloaded& reloaded) {
        answer(now, std::move(held), reloaded);
      },
      [this](PendingRequest held, const Error& why) {
        replies_.reply(std::move(held), make_status(why));
      });
  static_cast<void>(background_.submit(std::move(job), label));
}

void KeyAdmin::answer(Now now, PendingRequest pending, const Reloaded& reloaded) {
  if (!reloaded) return replies_.reply(std::move(pending), make_status(reloaded.error()));
  ccbus::ClientResponse response;
  ccbus::KeysResponse& answer = *response.mutable_keys();
  answer.set_has_changed(reloaded->has_changed);
  for (const std::string& error : reloaded->errors) answer.add_errors(error);
  if (const auto keys = directory_.store->keys()) {
    for (const security::AllowedKeyPtr& key : by_name(*keys)) {
      ccbus::KeyStatus& status = *answer.add_keys();
      status = key_status(*key);
      const KeyConnections connections = directory_.connections_of(key->public_key);
      status.set_chaincodes(connections.chaincodes);
      status.set_clients(connections.clients);
    }
  }
  replies_.reply(std::move(pending), response);
  if (reloaded->has_changed) directory_.on_changed(now);
}

}  // namespace ccbus::gateway
