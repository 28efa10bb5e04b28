#include "service/security/msp/revocation_list.h"

#include <openssl/err.h>

#include <memory>
#include <utility>

#include "service/security/crypto/certificate_encoding.h"
#include "service/security/crypto/pem.h"
#include "service/security/msp/refusal.h"

namespace ccbus::security {
namespace {

constexpr std::string_view kPemBeginning = "-----BEGIN X509 CRL";

Result<CrlHandle> decode(std::string_view der) {
  const auto* in = reinterpret_cast<const unsigned char*>(der.data());
  const unsigned char* const end = in + der.size();
  CrlHandle list(d2i_X509_CRL(nullptr, &in, static_cast<long>(der.size())));
  if (list == nullptr) {
    return refuse("could not parse RevocationList: " + openssl_reason());
  }
  if (in != end) {
    return refuse("could not parse RevocationList: trailing data after CRL");
  }
  return list;
}

}  // namespace

Result<RevocationList> RevocationList::read(std::string_view text) {
  std::optional<PemBlock> block;
  if (text.starts_with(kPemBeginning)) block = decode_pem(text);
  const bool is_pem = block && block->type == "X509 CRL";
  auto handle = decode(is_pem ? std::string_view(block->bytes) : text);
  if (!handle) return unexpected(handle.error());

  RevocationList list;
  const std::unique_ptr<AUTHORITY_KEYID, OpensslFree<AUTHORITY_KEYID_free>> authority(
      static_cast<AUTHORITY_KEYID*>(
          X509_CRL_get_ext_d2i(handle->get(), NID_authority_key_identifier, nullptr, nullptr)));
  if (authority == nullptr || authority->keyid == nullptr) {
    ERR_clear_error();
    return refuse(
        "could not obtain Authority Key Identifier for crl: the revocation list has no "
        "authorityKeyIdentifier with a key identifier");
  }
  list.authority_key_id_.assign(
      reinterpret_cast<const char*>(ASN1_STRING_get0_data(authority->keyid)),
      static_cast<std::size_t>(ASN1_STRING_length(authority->keyid)));
  const STACK_OF(X509_REVOKED)* const revoked = X509_CRL_get_REVOKED(handle->get());
  for (int at = 0; at < sk_X509_REVOKED_num(revoked); ++at) {
    list.serials_hex_.insert(
        serial_hex(X509_REVOKED_get0_serialNumber(sk_X509_REVOKED_value(revoked, at))));
  }
  list.handle_ = std::move(*handle);
  return list;
}

bool RevocationList::is_of(const Certificate& authority) const {
  if (authority.subject_key_id != authority_key_id_) return false;
  const bool signed_by_it =
      X509_CRL_verify(handle_.get(), X509_get0_pubkey(authority.handle.get())) == 1;
  ERR_clear_error();
  return signed_by_it;
}

}  // namespace ccbus::security
