#pragma once

#include <span>
#include <string>
#include <string_view>

#include "service/base/result.h"
#include "service/gateway/transactions/service_identities.h"

namespace ccbus::gateway {

// Signs a transaction: adds an endorsement by each of these identities to its envelope, and the
// signature of its creator unless that is null: then the client signs. An endorsement is a
// signature over the proposal response's payload followed by the endorser.
//
// `envelope` is one that transaction_envelope() made. The signatures are remembered by the
// channel's `msps`, so that its committer need not verify what was made here.
//
// Thread: any. It makes one signature more than there are endorsers, some 20 us each.
// Errors: kIo if OpenSSL cannot sign.
// Source: Fabric's default endorsement plugin and its gateway's client.
[[nodiscard]] Result<std::string> seal(std::string_view envelope,
                                       std::span<const ServiceIdentities::Identity> endorsers,
                                       const security::SigningIdentity* creator,
                                       const security::MspManager& msps);

}  // namespace ccbus::gateway
