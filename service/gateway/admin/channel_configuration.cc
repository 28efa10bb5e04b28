#include "service/gateway/admin/channel_configuration.h"

#include <utility>
#include <vector>

#include "service/ledger/policy/channel_config.h"
#include "service/ledger/policy/channel_trust.h"

namespace ccbus::gateway {
namespace {

using Organizations = std::vector<std::string>;

// Makes those organisations of development. On another thread.
Result<std::map<std::string, DevelopmentOrganization>> make_all(OrganizationHost& host,
                                                                const Organizations& msp_ids) {
  std::map<std::string, DevelopmentOrganization> made;
  for (const std::string& msp_id : msp_ids) {
    auto organization = host.open(msp_id);
    if (!organization) return unexpected(organization.error());
    made.emplace(msp_id, std::move(*organization));
  }
  return made;
}

// Writes the configuration in the transaction of the simulator, which reads the present one: two
// changes at once conflict.
Result<void> put_config(ledger::TxSimulator& simulator, const ccbus::ChannelConfig& config) {
  auto stored = simulator.get_state(ledger::kChannelNamespace, ledger::kChannelConfigKey);
  if (!stored) return unexpected(stored.error());
  ccbus::ChannelConfig present;
  if (*stored) {
    auto decoded = ledger::decode_channel_config(**stored);
    if (!decoded) return unexpected(decoded.error());
    present = std::move(*decoded);
  }
  if (auto follows = ledger::check_sequence(*stored ? &present : nullptr, config); !follows) {
    return follows;
  }
  return simulator.set_state(ledger::kChannelNamespace, ledger::kChannelConfigKey,
                             ledger::encode_channel_config(config));
}

}  // namespace

void ChannelConfiguration::refuse(PendingRequest pending, ccbus::StatusCode code,
                                  const std::string& why) {
  with_.replies.reply(std::move(pending), make_status(code, why));
}

void ChannelConfiguration::ask(Now now, PendingRequest pending,
                               const ccbus::ChannelRequest& request) {
  const ChannelId channel{request.channel_id()};
  if (!with_.channels.contains(channel)) {
    with_.replies.reply(std::move(pending), channel_not_found(channel.value));
    return;
  }
  const ccbus::ConfigureChannel& wanted = request.configure();
  if (wanted.has_config()) return write(now, std::move(pending), channel, wanted.config());
  if (wanted.development_organizations().empty() && wanted.organizations().empty()) {
    return refuse(std::move(pending), ccbus::INVALID_ARGUMENT,
                  "a channel's configuration needs at least one organisation");
  }
  const auto& names = wanted.development_organizations();
  const WorkLabel label{{WorkOwner::Kind::kClient, pending.client().value}, {}};
  auto job = make_job(
      std::move(pending),
      [&host = with_.host, organizations = Organizations(names.begin(), names.end())] {
        return make_all(host, organizations);
      },
      [this, channel, wanted](Now then, PendingRequest held, Result<Made> made) {
        if (!made) return with_.replies.reply(std::move(held), make_status(made.error()));
        begin(then, std::move(held), channel, wanted, std::move(*made));
      },
      [this](PendingRequest held, const Error& why) {
        with_.replies.reply(std::move(held), make_status(why));
      });
  static_cast<void>(with_.background.submit(std::move(job), label));
}

// The first configuration of a channel.
void ChannelConfiguration::begin(Now now, PendingRequest pending, const ChannelId& channel,
                                 const ccbus::ConfigureChannel& wanted, Made made) {
  std::vector<msp::MSPConfig> organizations(wanted.organizations().begin(),
                                            wanted.organizations().end());
  for (auto& [msp_id, organization] : made) {
    organizations.push_back(std::move(organization.config));
    with_.identities.play(msp_id, std::move(organization.identities));
  }
  const auto config = ledger::default_channel_config(organizations);
  if (!config) return refuse(std::move(pending), ccbus::INVALID_ARGUMENT, config.error().message);
  write(now, std::move(pending), channel, *config);
}

void ChannelConfiguration::write(Now now, PendingRequest pending, const ChannelId& channel,
                                 const ccbus::ChannelConfig& config) {
  if (auto sound = ledger::check_channel_config(config); !sound) {
    return refuse(std::move(pending), ccbus::INVALID_ARGUMENT, sound.error().message);
  }
  if (auto trust = ledger::ChannelTrust::of(config); !trust) {
    return refuse(std::move(pending), ccbus::INVALID_ARGUMENT, trust.error().message);
  }
  const auto present = trust_of(with_.channels, channel);
  const security::SigningIdentity* const creator = with_.identities.creator(present.get());
  if (creator == nullptr) {
    with_.replies.reply(std::move(pending), no_creator(channel.value));
    return;
  }
  ccbus::Invocation invocation;
  invocation.set_channel_id(channel.value);
  invocation.set_chaincode_name(std::string(ledger::kChannelNamespace));
  invocation.add_args("UpdateConfig");
  Endorsed endorsed;
  endorsed.proposal = with_.proposals.build(invocation, now.wall, *creator);
  endorsed.result.simulator =
      with_.simulators.simulate(endorsed.proposal.key.channel, endorsed.proposal.key.tx);
  if (endorsed.result.simulator == nullptr) {
    with_.replies.reply(std::move(pending), channel_not_found(channel.value));
    return;
  }
  if (auto put = put_config(*endorsed.result.simulator, config); !put) {
    const bool is_refused = put.error().code == ErrorCode::kPrecondition;
    return refuse(std::move(pending), is_refused ? ccbus::FAILED_PRECONDITION : ccbus::INTERNAL,
                  put.error().message);
  }
  endorsed.result.outcome = chaincode::Outcome::kCompleted;
  endorsed.result.response.set_status(200);
  order_(std::move(pending), std::move(endorsed));
}

}  // namespace ccbus::gateway
