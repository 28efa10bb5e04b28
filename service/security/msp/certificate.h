#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/base/result.h"
#include "service/security/crypto/ecdsa_signature.h"
#include "service/security/crypto/key_kind.h"
#include "service/security/crypto/openssl_handles.h"

namespace ccbus::security {

// A certificate, read once. Distinguished names and keys are compared by their bytes, as Go's
// crypto/x509 does.
//
// Thread: immutable.
struct Certificate {
  // Errors: kInvalid, with Go's words where Go has some: bytes that are not one certificate, an
  // extension twice or malformed, a curve that is given by its parameters, a negative serial
  // number.
  [[nodiscard]] static Result<std::shared_ptr<const Certificate>> from_der(std::string_view der);

  // Reads the first block of a text in PEM. Errors: kInvalid.
  [[nodiscard]] static Result<std::shared_ptr<const Certificate>> from_pem(std::string_view pem);

  std::string der;
  std::string subject;  // In DER.
  std::string issuer;
  std::string common_name;                        // Empty if there is none.
  std::vector<std::string> organizational_units;  // In the subject's order.
  std::string serial_hex;                         // As Go prints them.
  std::string serial_decimal;
  std::chrono::sys_seconds not_before;
  std::chrono::sys_seconds not_after;

  bool is_version_3 = false;
  bool has_basic_constraints = false;
  bool is_ca = false;
  std::optional<long> path_length_max;     // Of intermediate CAs below it.
  std::optional<std::uint32_t> key_usage;  // Bits KU_* of OpenSSL.
  bool may_serve = true;                   // No extended usage, or one of server and any.
  bool has_unhandled_critical_extension = false;
  std::optional<std::string> subject_key_id;
  std::optional<std::string> alternative_names;  // The extension's content.
  NameConstraintsHandle name_constraints;        // Null if it has none.

  KeyKind key_kind = KeyKind::kOther;
  std::string public_key;                 // Its SubjectPublicKeyInfo in DER.
  std::optional<CurveOrder> curve_order;  // Of its own key, if that is ECDSA.
  bool has_ecdsa_signature = false;       // Whether its issuer signed with ECDSA.
  bool has_usable_signature = false;      // No SHA-1, no MD5.
  CertificateHandle handle;
};

using CertificatePointer = std::shared_ptr<const Certificate>;

// A serial number as Go prints it with %x: lower case, no zeros in front, a sign if it is negative.
[[nodiscard]] std::string serial_hex(const ASN1_INTEGER* serial);

// Whether `issuer` signed the certificate, and may sign certificates. Go's CheckSignatureFrom.
// Errors: kInvalid, in Go's words.
[[nodiscard]] Result<void> check_signature_from(const Certificate& certificate,
                                                const Certificate& issuer);

}  // namespace ccbus::security
