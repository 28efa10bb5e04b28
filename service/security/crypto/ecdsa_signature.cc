#include "service/security/crypto/ecdsa_signature.h"

#include <openssl/core_names.h>

#include <utility>

#include "service/base/assert.h"

namespace ccbus::security {
namespace {

Result<EcdsaSignatureHandle> parse(std::string_view der) {
  const auto* in = reinterpret_cast<const unsigned char*>(der.data());
  const unsigned char* const end = in + der.size();
  EcdsaSignatureHandle signature(d2i_ECDSA_SIG(nullptr, &in, static_cast<long>(der.size())));
  if (signature == nullptr || in != end) {
    return fail(ErrorCode::kInvalid, "failed unmashalling signature");
  }
  const auto positive = [](const BIGNUM* number) {
    return !BN_is_zero(number) && !BN_is_negative(number);
  };
  if (!positive(ECDSA_SIG_get0_r(signature.get()))) {
    return fail(ErrorCode::kInvalid, "invalid signature, R must be larger than zero");
  }
  if (!positive(ECDSA_SIG_get0_s(signature.get()))) {
    return fail(ErrorCode::kInvalid, "invalid signature, S must be larger than zero");
  }
  return signature;
}

std::string to_der(const ECDSA_SIG* signature) {
  std::string der(static_cast<std::size_t>(i2d_ECDSA_SIG(signature, nullptr)), '\0');
  auto* out = reinterpret_cast<unsigned char*>(der.data());
  i2d_ECDSA_SIG(signature, &out);
  return der;
}

}  // namespace

CurveOrder::CurveOrder(BigNumberHandle order)
    : order_(std::move(order)), half_(BN_dup(order_.get())) {
  CCBUS_ASSERT(half_ != nullptr && BN_rshift1(half_.get(), half_.get()) == 1);
}

std::optional<CurveOrder> CurveOrder::of(const EVP_PKEY* key) {
  if (EVP_PKEY_get_base_id(key) != EVP_PKEY_EC) return std::nullopt;
  BIGNUM* order = nullptr;
  if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_EC_ORDER, &order) != 1) return std::nullopt;
  return CurveOrder(BigNumberHandle(order));
}

Result<bool> CurveOrder::is_low_s(std::string_view signature) const {
  const auto parsed = parse(signature);
  if (!parsed) return unexpected(parsed.error());
  return BN_cmp(ECDSA_SIG_get0_s(parsed->get()), half_.get()) <= 0;
}

Result<std::string> CurveOrder::in_half(std::string_view signature, Half half) const {
  const auto parsed = parse(signature);
  if (!parsed) return unexpected(parsed.error());
  const BIGNUM* const s = ECDSA_SIG_get0_s(parsed->get());
  const bool is_low = BN_cmp(s, half_.get()) <= 0;
  if (is_low == (half == Half::kLow)) return to_der(parsed->get());
  BigNumberHandle r(BN_dup(ECDSA_SIG_get0_r(parsed->get())));
  BigNumberHandle other(BN_new());
  if (r == nullptr || other == nullptr || BN_sub(other.get(), order_.get(), s) != 1 ||
      ECDSA_SIG_set0(parsed->get(), r.get(), other.get()) != 1) {
    return fail(ErrorCode::kIo, "OpenSSL cannot change the half of a signature's S");
  }
  static_cast<void>(r.release());  // The signature has them now.
  static_cast<void>(other.release());
  return to_der(parsed->get());
}

Result<std::string> CurveOrder::to_low_s(std::string_view signature) const {
  return in_half(signature, Half::kLow);
}

Result<std::string> CurveOrder::to_high_s(std::string_view signature) const {
  return in_half(signature, Half::kHigh);
}

}  // namespace ccbus::security
