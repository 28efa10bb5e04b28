#pragma once

#include "service/assembly/development_organizations.h"
#include "service/config/config.h"
#include "service/gateway/transactions/service_identities.h"
#include "service/security/signing/signing_identity.h"

namespace ccbus {

// The identity of the service itself: kept beside the ledger, or made for a ledger in memory.
// Blocks: on the disk. Errors: std::runtime_error, naming the file.
[[nodiscard]] security::SigningIdentity open_identity(const Config& config);

// Where the organisations of development are kept; nullopt: in memory only.
[[nodiscard]] std::optional<std::filesystem::path> organizations_directory(const Config& config);

// Has the service play the organisations that the configuration names, and those of development
// that an earlier run has made. The named ones come first: one of development of the same id is
// another one. Where clients are asked for keys, the service's own has a client for each.
//
// Blocks: on the disk. Errors: std::runtime_error, naming the key of the configuration or the file.
void play_organizations(const Config& config, DevelopmentOrganizations& organizations,
                        gateway::ServiceIdentities& identities);

}  // namespace ccbus
