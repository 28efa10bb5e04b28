// What a transaction's id is made of, and what is signed of a step.
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <stdexcept>

#include "ccbus/client/identity.h"

namespace ccbus::client {
namespace {

constexpr std::size_t kNonceBytes = 24;

std::string sha256(std::string_view one, std::string_view other = {}) {
  const std::string bytes = std::string(one).append(other);
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
         reinterpret_cast<unsigned char*>(digest.data()));
  return digest;
}

std::string hex(std::string_view bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const char byte : bytes) {
    text += kDigits[static_cast<unsigned char>(byte) >> 4];
    text += kDigits[static_cast<unsigned char>(byte) & 0xf];
  }
  return text;
}

}  // namespace

std::string make_nonce() {
  std::string nonce(kNonceBytes, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(nonce.data()), kNonceBytes) != 1)
    throw std::runtime_error("OpenSSL has no random bytes");
  return nonce;
}

std::string transaction_id_of(std::string_view nonce, std::string_view creator) {
  return hex(sha256(nonce, creator));
}

std::string SignedStep::digest() const {
  return sha256(bytes);
}

}  // namespace ccbus::client
