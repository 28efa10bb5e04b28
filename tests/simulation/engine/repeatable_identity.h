#pragma once

#include <cstdint>

#include "service/gateway/transactions/identity.h"

namespace ccbus::simulation {

// From now on OpenSSL's random numbers come from this seed, in the whole process, so that
// signatures are the same in every run. For tests alone.
void seed_openssl(std::uint64_t seed);

// The one in the folder identity/. Its key is no secret: ids of transactions come from it.
[[nodiscard]] gateway::SigningIdentity repeatable_identity();

}  // namespace ccbus::simulation
