#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "service/base/result.h"
#include "service/security/crypto/openssl_handles.h"
#include "service/security/msp/certificate.h"

namespace ccbus::security {

// A list of certificates that its authority has revoked.
//
// Thread: immutable.
class RevocationList {
 public:
  // Reads a list in PEM ("X509 CRL", which must begin the text) or in DER, as Go's ParseCRL.
  // Errors: kInvalid. Also if it does not say whose it is (authority key identifier): Fabric takes
  //         such a list, and finds every identity invalid from then on.
  [[nodiscard]] static Result<RevocationList> read(std::string_view text);

  // Whether the list is this authority's: by its key identifier and by its signature. Its dates
  // count for nothing, so that every replica decides the same at any time.
  [[nodiscard]] bool is_of(const Certificate& authority) const;

  [[nodiscard]] const std::set<std::string>& serials_hex() const { return serials_hex_; }

 private:
  CrlHandle handle_;
  std::string authority_key_id_;
  std::set<std::string> serials_hex_;
};

}  // namespace ccbus::security
