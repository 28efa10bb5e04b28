#pragma once

#include <chrono>
#include <vector>

#include "service/base/result.h"
#include "service/security/msp/certificate.h"

namespace ccbus::security {

// The certificate authorities that an MSP trusts. No certificate stands in a list twice.
struct CaTree {
  std::vector<CertificatePointer> roots;
  std::vector<CertificatePointer> intermediates;
};

// Adds a certificate unless the list has it.
void add_certificate(std::vector<CertificatePointer>& list, CertificatePointer certificate);

// From a certificate, which comes first, to a root. Points at the certificate and into the tree.
using Chain = std::vector<const Certificate*>;

// Finds the one chain from a certificate to a root, valid one second after the certificate's own
// NotBefore: whether it has expired is deliberately no part of this, so that every replica decides
// the same at any time. The rules are those of Go's crypto/x509 Verify, which Fabric uses:
// signatures, names, CA flags, path lengths, key usage, name constraints, critical extensions; an
// extended key usage must allow servers. A root that stands in the tree is a chain of one.
//
// Pure: no clock. Thread: any. Time: at most 100 signatures are checked.
// Errors: kInvalid in Fabric's words, also if there are two chains: it would be unclear whose the
//         certificate is.
[[nodiscard]] Result<Chain> find_only_chain(const Certificate& certificate, const CaTree& tree);

}  // namespace ccbus::security
