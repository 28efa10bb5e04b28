#include "service/ledger/policy/channel_trust.h"

#include <string>
#include <utility>
#include <vector>

#include "fabric/msp/msp_config.pb.h"
#include "service/base/parse_message.h"

namespace ccbus::ledger {
namespace {

// The members of the organisations, as policies ask for them.
class Members final : public Identities {
 public:
  explicit Members(const security::MspManager& msps) : msps_(msps) {}

  std::optional<std::string> identifier_of(std::string_view identity) const override {
    const auto found = msps_.deserialize(identity);
    if (!found) return std::nullopt;
    return (*found)->msp_id() + "/" + (*found)->id();
  }
  bool is_valid(std::string_view identity) const override { return valid(identity) != nullptr; }
  bool has_signed(std::string_view identity, std::string_view message,
                  std::string_view signature) const override {
    const auto found = msps_.deserialize(identity);
    return found && msps_.verify(**found, message, signature).has_value();
  }
  bool satisfies(std::string_view identity, const common::MSPPrincipal& principal) const override {
    const auto found = valid(identity);
    return found != nullptr && msps_.satisfies(*found, principal).has_value();
  }

 private:
  // Null if it is not valid.
  [[nodiscard]] security::IdentityPointer valid(std::string_view identity) const {
    auto found = msps_.deserialize(identity);
    return found && (*found)->validity() ? std::move(*found) : nullptr;
  }

  const security::MspManager& msps_;
};

Result<security::Msp> make_msp(const ccbus::Organization& organization) {
  msp::FabricMSPConfig config;
  if (!parse(config, organization.msp().config())) {
    return fail(ErrorCode::kInvalid,
                "organisation " + organization.msp_id() + ": its MSP cannot be decoded");
  }
  auto made = security::Msp::make(config, {});
  if (made) return made;
  return fail(ErrorCode::kInvalid,
              "organisation " + organization.msp_id() + ": " + made.error().message);
}

}  // namespace

ChannelTrust::ChannelTrust(ChannelPolicies policies,
                           std::unique_ptr<const security::MspManager> msps)
    : policies_(std::move(policies)),
      msps_(std::move(msps)),
      identities_(std::make_unique<Members>(*msps_)) {}

Result<std::shared_ptr<const ChannelTrust>> ChannelTrust::of(const ccbus::ChannelConfig& config) {
  auto policies = ChannelPolicies::of(config);
  if (!policies) return unexpected(policies.error());
  std::vector<security::Msp> made;
  for (const ccbus::Organization& organization : config.organizations()) {
    auto msp = make_msp(organization);
    if (!msp) return unexpected(msp.error());
    made.push_back(std::move(*msp));
  }
  auto msps = security::MspManager::make(std::move(made), kRemembered);
  if (!msps) return unexpected(msps.error());
  return std::shared_ptr<const ChannelTrust>(
      new ChannelTrust(std::move(*policies), std::move(*msps)));
}

}  // namespace ccbus::ledger
