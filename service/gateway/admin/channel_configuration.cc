#include "service/gateway/admin/channel_configuration.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "service/gateway/transactions/channel_update.h"
#include "service/ledger/policy/channel_config.h"

namespace ccbus::gateway {
namespace {

// A configuration that can be used, and the organisations of development that were made for it.
struct Prepared {
  ccbus::ChannelConfig config;
  std::map<std::string, DevelopmentOrganization> made;
};

// Makes what is wanted and checks it, certificates included. On another thread.
Result<Prepared> prepare(OrganizationHost& host, const ccbus::ConfigureChannel& wanted) {
  Prepared prepared;
  if (wanted.has_config()) {
    prepared.config = wanted.config();
  } else {
    std::vector<msp::MSPConfig> organizations(wanted.organizations().begin(),
                                              wanted.organizations().end());
    for (const std::string& msp_id : wanted.development_organizations()) {
      auto organization = host.open(msp_id);
      if (!organization) return unexpected(organization.error());
      organizations.push_back(organization->config);
      prepared.made.emplace(msp_id, std::move(*organization));
    }
    auto config = ledger::default_channel_config(organizations);
    if (!config) return unexpected(config.error());
    prepared.config = std::move(*config);
  }
  if (auto sound = check_new_config(prepared.config); !sound) return unexpected(sound.error());
  return prepared;
}

}  // namespace

void ChannelConfiguration::refuse(PendingRequest pending, ccbus::StatusCode code,
                                  const std::string& why) {
  with_.replies.reply(std::move(pending), make_status(code, why));
}

void ChannelConfiguration::ask(PendingRequest pending, const ccbus::ChannelRequest& request) {
  const ChannelId channel{request.channel_id()};
  if (!with_.channels.contains(channel)) {
    with_.replies.reply(std::move(pending), channel_not_found(channel.value));
    return;
  }
  const ccbus::ConfigureChannel& wanted = request.configure();
  const auto& names = wanted.development_organizations();
  if (!wanted.has_config() && names.empty() && wanted.organizations().empty()) {
    return refuse(std::move(pending), ccbus::INVALID_ARGUMENT,
                  "a channel's configuration needs at least one organisation");
  }
  if (names.size() > ledger::kOrganizationsMax) {
    return refuse(std::move(pending), ccbus::INVALID_ARGUMENT,
                  std::to_string(names.size()) + " organisations exceed the limit of " +
                      std::to_string(ledger::kOrganizationsMax));
  }
  WorkLabel label = pending.label_of_change();
  auto job = make_job(
      std::move(pending), [&host = with_.host, wanted] { return prepare(host, wanted); },
      [this, channel](Now then, PendingRequest held, Result<Prepared> prepared) {
        if (!prepared) return with_.replies.reply(std::move(held), make_status(prepared.error()));
        for (auto& [msp_id, organization] : prepared->made) {
          with_.identities.play(msp_id, std::move(organization.identities));
        }
        write(then, std::move(held), channel, std::move(prepared->config));
      },
      [this](PendingRequest held, const Error& why) {
        with_.replies.reply(std::move(held), make_status(why));
      });
  static_cast<void>(with_.background.submit(std::move(job), std::move(label)));
}

void ChannelConfiguration::write(Now now, PendingRequest pending, const ChannelId& channel,
                                 ccbus::ChannelConfig config) {
  const PeerId client = pending.client();
  with_.creators.find(now, client, channel,
                      [this, held = std::move(pending), channel, config = std::move(config)](
                          Now then, Result<ServiceIdentities::Identity> creator) mutable {
                        if (!creator) {
                          return with_.replies.reply(std::move(held), make_status(creator.error()));
                        }
                        write_as(then, std::move(held), channel, config, std::move(*creator));
                      });
}

void ChannelConfiguration::write_as(Now now, PendingRequest pending, const ChannelId& channel,
                                    const ccbus::ChannelConfig& config,
                                    ServiceIdentities::Identity creator) {
  ccbus::Invocation invocation;
  invocation.set_channel_id(channel.value);
  invocation.set_chaincode_name(std::string(ledger::kChannelNamespace));
  invocation.add_args(kUpdateConfig);
  Endorsed endorsed;
  endorsed.proposal = with_.proposals.build(invocation, now.wall, std::move(creator));
  endorsed.result.simulator =
      with_.simulators.simulate(endorsed.proposal.key.channel, endorsed.proposal.key.tx);
  if (endorsed.result.simulator == nullptr) {
    with_.replies.reply(std::move(pending), channel_not_found(channel.value));
    return;
  }
  if (auto put = put_channel_config(*endorsed.result.simulator, config); !put) {
    const bool is_refused = put.error().code == ErrorCode::kPrecondition;
    return refuse(std::move(pending), is_refused ? ccbus::FAILED_PRECONDITION : ccbus::INTERNAL,
                  put.error().message);
  }
  endorsed.result.outcome = chaincode::Outcome::kCompleted;
  endorsed.result.response.set_status(200);
  order_(std::move(pending), std::move(endorsed));
}

}  // namespace ccbus::gateway
