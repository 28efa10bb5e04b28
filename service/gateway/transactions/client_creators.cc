#include "service/gateway/transactions/client_creators.h"

#include <string>
#include <utility>

namespace ccbus::gateway {
namespace {

unexpected<Error> no_creator(const ChannelId& channel) {
  return fail(ErrorCode::kPrecondition,
              "channel " + channel.value +
                  " takes signed transactions alone: the service has a client in none of its "
                  "organisations");
}

}  // namespace

std::shared_ptr<const security::DevIdentities> ClientCreators::development(
    PeerId client, const ChannelId& channel) const {
  const bool has_key = with_.holders.are_asked() && !with_.holders.of(client).name.empty();
  if (!has_key || !with_.channels.contains(channel)) return nullptr;
  return with_.identities.development(trust_of(with_.channels, channel).get());
}

std::optional<Result<ClientCreators::Identity>> ClientCreators::known(
    PeerId client, const ChannelId& channel) const {
  if (const auto development = this->development(client, channel)) {
    const security::AllowedKey& key = with_.holders.of(client);
    auto identity = development->known_for_key(key.name, key.permissions.attributes);
    if (identity == nullptr) return std::nullopt;
    return identity;
  }
  auto creator = with_.identities.creator(trust_of(with_.channels, channel).get());
  if (creator == nullptr) return no_creator(channel);
  return creator;
}

void ClientCreators::find(Now now, PeerId client, const ChannelId& channel, Then then) {
  if (auto creator = known(client, channel)) return then(now, std::move(*creator));
  auto job = make_job(
      std::move(then),
      [development = development(client, channel), key = with_.holders.pointer(client)] {
        return development->for_key(key->name, key->permissions.attributes);
      },
      [](Now later, Then held, Result<Identity> made) { held(later, std::move(made)); },
      [now](Then held, const Error& why) { held(now, unexpected<Error>(why)); });
  const WorkLabel label{{WorkOwner::Kind::kClient, client.value}, {}};
  static_cast<void>(with_.background.submit(std::move(job), label));
}

}  // namespace ccbus::gateway
