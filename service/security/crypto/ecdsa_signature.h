#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "service/base/result.h"
#include "service/security/crypto/openssl_handles.h"

namespace ccbus::security {

// The order of an elliptic curve's group, which says what a low S is. For each ECDSA signature
// (r, s) the pair (r, order - s) is valid too; Fabric takes only the one with the smaller s
// (bccsp/utils/ecdsa.go).
class CurveOrder {
 public:
  // Returns nullopt if the key is not of an elliptic curve with ECDSA signatures.
  [[nodiscard]] static std::optional<CurveOrder> of(const EVP_PKEY* key);

  // Whether s of a signature in DER is in the lower half.
  // Errors: kInvalid if the bytes are not a signature with two numbers above zero.
  [[nodiscard]] Result<bool> is_low_s(std::string_view signature) const;

  // Returns the signature with the lower s, in DER. Errors: as above.
  [[nodiscard]] Result<std::string> to_low_s(std::string_view signature) const;

  // Returns the signature with the higher s, which Fabric refuses; for tests. Errors: as above.
  [[nodiscard]] Result<std::string> to_high_s(std::string_view signature) const;

 private:
  enum class Half { kLow, kHigh };

  explicit CurveOrder(BigNumberHandle order);
  [[nodiscard]] Result<std::string> in_half(std::string_view signature, Half half) const;

  BigNumberHandle order_;
  BigNumberHandle half_;  // Rounded down.
};

}  // namespace ccbus::security
