#pragma once

#include <string>

#include "fabric/msp/msp_config.pb.h"
#include "service/base/result.h"
#include "service/gateway/transactions/service_identities.h"

namespace ccbus::gateway {

// An organisation of development: what a channel's configuration says of it, and who the service is
// in it.
struct DevelopmentOrganization {
  msp::MSPConfig config;
  ServiceIdentities::Organization identities;
};

// Makes organisations of development, and keeps them. assembly/development_organizations.h
// implements it.
//
// Thread: any.
// Blocks: on the disk.
class OrganizationHost {
 public:
  virtual ~OrganizationHost() = default;

  // The one with this MSP id, which is made if it is not there.
  // Errors: kInvalid  not an MSP id; kIo, kCorrupt.
  [[nodiscard]] virtual Result<DevelopmentOrganization> open(const std::string& msp_id) = 0;
};

}  // namespace ccbus::gateway
