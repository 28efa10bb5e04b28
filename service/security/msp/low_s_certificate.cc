#include "service/security/msp/low_s_certificate.h"

#include <utility>

#include "service/security/crypto/certificate_encoding.h"
#include "service/security/msp/refusal.h"

namespace ccbus::security {

Result<CertificatePointer> to_low_s(CertificatePointer certificate, const Certificate& issuer) {
  if (!certificate->has_ecdsa_signature) return certificate;
  if (!issuer.curve_order) {
    return refuse(
        "the signature of a certificate is of another kind than the "
        "key of its issuer");
  }
  const std::string_view given = signature_of(certificate->handle.get());
  const auto signature = issuer.curve_order->to_low_s(given);
  if (!signature) return unexpected(signature.error());
  if (*signature == given) return certificate;
  const auto der = with_signature(certificate->der, *signature);
  if (!der) return unexpected(der.error());
  return Certificate::from_der(*der);
}

Result<CertificatePointer> to_low_s(CertificatePointer certificate, const CaTree& tree) {
  if (!certificate->has_ecdsa_signature) return certificate;
  if (certificate->is_ca && check_signature_from(*certificate, *certificate)) {
    auto root = to_low_s(certificate, *certificate);
    if (!root) return root;
    const auto chain = find_only_chain(**root, CaTree{{*root}, tree.intermediates});
    if (!chain) return unexpected(chain.error());
    return root;
  }
  const auto chain = find_only_chain(*certificate, tree);
  if (!chain) return unexpected(chain.error());
  if (chain->size() < 2) {
    return refuse(
        "failed to traverse certificate verification chain for leaf or intermediate "
        "certificate, with subject " +
        certificate->common_name);
  }
  return to_low_s(std::move(certificate), *(*chain)[1]);
}

}  // namespace ccbus::security
