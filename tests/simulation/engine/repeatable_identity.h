#pragma once

#include <cstdint>

#include "service/security/signing/signing_identity.h"

namespace ccbus::simulation {

// From now on OpenSSL's random numbers come from this seed, in the whole process, so that
// signatures are the same in every run. For tests alone.
void seed_openssl(std::uint64_t seed);

// The one in the folder identity/. Its key is no secret: ids of transactions come from it.
[[nodiscard]] security::SigningIdentity repeatable_identity();

}  // namespace ccbus::simulation
