#include "service/security/crypto/certificate_encoding.h"

#include <openssl/asn1.h>
#include <openssl/err.h>

namespace ccbus::security {
namespace {

// One element of DER.
struct Element {
  std::string_view whole;    // With its tag and length.
  std::string_view content;  // Without.
};

// Takes the first element off the bytes. Returns false if they do not begin with a whole one.
bool take_element(std::string_view& bytes, int tag, Element& element) {
  const auto* in = reinterpret_cast<const unsigned char*>(bytes.data());
  const unsigned char* const begin = in;
  long length = 0;
  int found = 0;
  int tag_class = 0;
  const int flags =
      ASN1_get_object(&in, &length, &found, &tag_class, static_cast<long>(bytes.size()));
  if ((flags & 0x80) != 0 || found != tag || tag_class != V_ASN1_UNIVERSAL || (flags & 1) != 0) {
    ERR_clear_error();
    return false;
  }
  const auto header = static_cast<std::size_t>(in - begin);
  const std::size_t size = header + static_cast<std::size_t>(length);
  element = {bytes.substr(0, size), bytes.substr(header, static_cast<std::size_t>(length))};
  bytes.remove_prefix(size);
  return true;
}

void append_element(std::string& out, int tag, bool constructed, std::string_view content) {
  const std::size_t at = out.size();
  const int size = ASN1_object_size(constructed ? 1 : 0, static_cast<int>(content.size()), tag);
  out.resize(at + static_cast<std::size_t>(size) - content.size());
  auto* header = reinterpret_cast<unsigned char*>(out.data() + at);
  ASN1_put_object(&header, constructed ? 1 : 0, static_cast<int>(content.size()), tag,
                  V_ASN1_UNIVERSAL);
  out.append(content);
}

}  // namespace

Result<CertificateHandle> decode_certificate(std::string_view der) {
  const auto* in = reinterpret_cast<const unsigned char*>(der.data());
  const unsigned char* const end = in + der.size();
  CertificateHandle certificate(d2i_X509(nullptr, &in, static_cast<long>(der.size())));
  if (certificate == nullptr) {
    return fail(ErrorCode::kInvalid, "x509: malformed certificate: " + openssl_reason());
  }
  if (in != end) return fail(ErrorCode::kInvalid, "x509: trailing data");
  // OpenSSL also takes other encodings of the same content. One certificate would have many hashes.
  if (encode_certificate(certificate.get()) != der) {
    return fail(ErrorCode::kInvalid, "x509: malformed certificate: not in DER");
  }
  return certificate;
}

std::string encode_certificate(const X509* certificate) {
  unsigned char* bytes = nullptr;
  const int size = i2d_X509(certificate, &bytes);
  if (size < 0) return {};
  std::string der(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  return der;
}

std::string subject_field(const X509* certificate, int nid) {
  const X509_NAME* name = X509_get_subject_name(certificate);
  const int at = X509_NAME_get_index_by_NID(name, nid, -1);
  if (at < 0) return {};
  unsigned char* text = nullptr;
  const int size =
      ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
  if (size < 0) return {};
  std::string field(reinterpret_cast<const char*>(text), static_cast<std::size_t>(size));
  OPENSSL_free(text);
  return field;
}

std::string_view signature_of(const X509* certificate) {
  const ASN1_BIT_STRING* signature = nullptr;
  X509_get0_signature(&signature, nullptr, certificate);
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(signature)),
          static_cast<std::size_t>(ASN1_STRING_length(signature))};
}

Result<std::string> with_signature(std::string_view der, std::string_view signature) {
  Element certificate;
  Element signed_part;
  Element algorithm;
  if (!take_element(der, V_ASN1_SEQUENCE, certificate) ||
      !take_element(certificate.content, V_ASN1_SEQUENCE, signed_part) ||
      !take_element(certificate.content, V_ASN1_SEQUENCE, algorithm)) {
    return fail(ErrorCode::kInvalid, "x509: malformed certificate");
  }
  std::string content(signed_part.whole);
  content.append(algorithm.whole);
  append_element(content, V_ASN1_BIT_STRING, false, std::string(1, '\0') + std::string(signature));
  std::string whole;
  append_element(whole, V_ASN1_SEQUENCE, true, content);
  return whole;
}

std::string openssl_reason() {
  const unsigned long error = ERR_peek_last_error();
  const char* const reason = error == 0 ? nullptr : ERR_reason_error_string(error);
  ERR_clear_error();
  return reason == nullptr ? "unknown reason" : reason;
}

}  // namespace ccbus::security
