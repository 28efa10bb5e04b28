#include "service/gateway/transactions/channel_update.h"

#include <string>
#include <utility>

#include "fabric/peer/chaincode.pb.h"
#include "service/base/parse_message.h"
#include "service/ledger/policy/channel_config.h"
#include "service/ledger/policy/channel_trust.h"

namespace ccbus::gateway {

bool changes_channel(const Proposal& proposal) {
  return proposal.chaincode_name == ledger::kChannelNamespace;
}

Result<void> check_new_config(const ccbus::ChannelConfig& config) {
  if (auto sound = ledger::check_channel_config(config); !sound) return sound;
  if (auto trust = ledger::ChannelTrust::of(config); !trust) return unexpected(trust.error());
  return {};
}

Result<ccbus::ChannelConfig> read_channel_update(const Proposal& proposal) {
  protos::ChaincodeInput input;
  const bool is_update = parse(input, proposal.chaincode_input) && input.args_size() == 2 &&
                         input.args(0) == kUpdateConfig;
  if (!is_update) {
    return fail(ErrorCode::kInvalid,
                "a change of the channel has two arguments: UpdateConfig and "
                "an encoded configuration");
  }
  ccbus::ChannelConfig config;
  if (!parse(config, input.args(1))) {
    return fail(ErrorCode::kInvalid, "the channel's new configuration cannot be decoded");
  }
  if (auto sound = check_new_config(config); !sound) return unexpected(sound.error());
  return config;
}

Result<void> put_channel_config(ledger::TxSimulator& simulator,
                                const ccbus::ChannelConfig& config) {
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

}  // namespace ccbus::gateway
