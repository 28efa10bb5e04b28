#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ccbus/channel_config.pb.h"
#include "fabric/msp/msp_config.pb.h"
#include "service/base/result.h"

namespace ccbus::ledger {

// The namespace and the key under which a channel keeps its configuration. A chaincode's name does
// not begin with an underscore.
inline constexpr std::string_view kChannelNamespace = "_channel";
inline constexpr std::string_view kChannelConfigKey = "config";

// The policies that a configuration has to have.
inline constexpr std::string_view kEndorsementPolicyPath = "/Channel/Application/Endorsement";
inline constexpr std::string_view kLifecyclePolicyPath =
    "/Channel/Application/LifecycleEndorsement";
inline constexpr std::string_view kReadersPolicyPath = "/Channel/Application/Readers";
inline constexpr std::string_view kWritersPolicyPath = "/Channel/Application/Writers";
inline constexpr std::string_view kAdminsPolicyPath = "/Channel/Application/Admins";

inline constexpr int kOrganizationsMax = 1'000;

// The path of a policy of one organisation.
[[nodiscard]] std::string policy_path(std::string_view msp_id, std::string_view name);

// Equal configurations give equal bytes.
[[nodiscard]] std::string encode_channel_config(const ccbus::ChannelConfig& config);

// Errors: kCorrupt if the bytes are no configuration, or one that check_channel_config() refuses.
[[nodiscard]] Result<ccbus::ChannelConfig> decode_channel_config(std::string_view bytes);

// Whether a configuration is complete and can be evaluated: organisations and policies in order and
// each of them once, an MSP for each organisation with its own id and without a private key, the
// five policies of the channel, and every policy one that can be evaluated. What is in an MSP's
// certificates is not looked at.
//
// Errors: kInvalid, naming the organisation and the policy.
[[nodiscard]] Result<void> check_channel_config(const ccbus::ChannelConfig& config);

// Whether `next` may follow `before` (null: there is none): its sequence is the next one.
//
// Errors: kPrecondition.
[[nodiscard]] Result<void> check_sequence(const ccbus::ChannelConfig* before,
                                          const ccbus::ChannelConfig& next);

// A first configuration with the policies that fabric-samples' configtx.yaml gives its channels: of
// an organisation Endorsement OR('<id>.peer'), Admins OR('<id>.admin'), Writers OR('<id>.admin',
// '<id>.client'), Readers those and '<id>.peer'; of the channel ANY Readers and Writers, and
// MAJORITY Admins, Endorsement, and of Endorsement also LifecycleEndorsement.
//
// Errors: kInvalid if an entry is not an encoded FabricMSPConfig with a name, or two have one name.
[[nodiscard]] Result<ccbus::ChannelConfig> default_channel_config(
    const std::vector<msp::MSPConfig>& organizations);

// The policy at a path: "/Channel/Application/Endorsement", "/Channel/Application/Org1MSP/Readers".
// "/Channel/Readers", Writers and Admins are those of the application: of Fabric's two groups, this
// channel has that one alone. Returns null if there is none.
[[nodiscard]] const common::Policy* policy_of(const ccbus::ChannelConfig& config,
                                              std::string_view path);

// Null if the channel has no such organisation.
[[nodiscard]] const ccbus::Organization* find_organization(const ccbus::ChannelConfig& config,
                                                           std::string_view msp_id);

}  // namespace ccbus::ledger
