#pragma once

#include <string>
#include <vector>

#include "ccbus/channel_config.pb.h"
#include "fabric/msp/msp_config.pb.h"
#include "service/base/assert.h"
#include "service/ledger/policy/channel_config.h"

namespace ccbus::test {

// An MSP of which nothing but the id counts.
inline msp::MSPConfig msp_of(const std::string& id) {
  msp::FabricMSPConfig fabric;
  fabric.set_name(id);
  fabric.add_root_certs("the certificate of " + id);
  msp::MSPConfig config;
  config.set_config(fabric.SerializeAsString());
  return config;
}

// A channel of these organisations, with the default policies.
inline ccbus::ChannelConfig channel_of(const std::vector<std::string>& msp_ids) {
  std::vector<msp::MSPConfig> organizations;
  for (const std::string& id : msp_ids) organizations.push_back(msp_of(id));
  auto config = ledger::default_channel_config(organizations);
  CCBUS_ASSERT(config.has_value());
  return *config;
}

}  // namespace ccbus::test
