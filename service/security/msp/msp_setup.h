#pragma once

#include "fabric/msp/msp_config.pb.h"
#include "service/base/result.h"
#include "service/security/msp/msp_rules.h"

namespace ccbus::security {

// Checks an organisation's configuration and reads it, as Fabric sets an MSP up under the channel
// capabilities V1_4_3 and later (setupV142 and setupV3 of mspimplsetup.go), with Fabric's texts.
// The configuration's signing identity is not looked at.
//
// Errors: kInvalid.
[[nodiscard]] Result<MspRules> set_up(const msp::FabricMSPConfig& config,
                                      const MspOptions& options);

}  // namespace ccbus::security
