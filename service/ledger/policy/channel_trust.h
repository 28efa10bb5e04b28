#pragma once

#include <memory>

#include "ccbus/channel_config.pb.h"
#include "service/base/result.h"
#include "service/ledger/policy/channel_policies.h"
#include "service/ledger/policy/identities.h"
#include "service/security/msp/msp_manager.h"

namespace ccbus::ledger {

// One configuration of a channel, ready to judge by: its policies, and who its organisations'
// members are. It never changes; a new configuration makes a new one.
//
// Thread: any.
class ChannelTrust {
 public:
  // How many identities, verdicts and signatures are remembered. A channel of more clients than
  // that costs a check of certificates for some of their transactions; more transactions that wait
  // for a block, some signatures that are verified twice. Up to 1.1 MB for the signatures.
  static constexpr security::MspManager::Options kRemembered{1'000, 4'000, 32'768};

  // Errors: kInvalid if the configuration breaks a rule, or an organisation's certificates do.
  [[nodiscard]] static Result<std::shared_ptr<const ChannelTrust>> of(
      const ccbus::ChannelConfig& config);

  [[nodiscard]] const ccbus::ChannelConfig& config() const { return policies_.config(); }
  [[nodiscard]] const ChannelPolicies& policies() const { return policies_; }
  [[nodiscard]] const Identities& identities() const { return *identities_; }
  [[nodiscard]] const security::MspManager& msps() const { return *msps_; }

 private:
  ChannelTrust(ChannelPolicies policies, std::unique_ptr<const security::MspManager> msps);

  const ChannelPolicies policies_;
  const std::unique_ptr<const security::MspManager> msps_;
  const std::unique_ptr<const Identities> identities_;  // Of msps_.
};

}  // namespace ccbus::ledger
