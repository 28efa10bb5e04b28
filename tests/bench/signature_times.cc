#include "tests/bench/signature_times.h"

#include <openssl/ec.h>
#include <openssl/evp.h>

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <stdexcept>

#include "tests/bench/processor_time.h"

namespace ccbus::bench {
namespace {

using KeyHandle = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using ContextHandle = std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)>;

void require(bool is_done) {
  if (!is_done) throw std::runtime_error("OpenSSL cannot sign or verify");
}

double microseconds_each(std::size_t count, const std::function<bool()>& step) {
  const auto before = own_processor_time();
  for (std::size_t i = 0; i < count; ++i) require(step());
  const std::chrono::duration<double, std::micro> used = own_processor_time() - before;
  return used.count() / static_cast<double>(count);
}

}  // namespace

SignatureTimes measure_signatures(std::size_t count) {
  const KeyHandle key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  const ContextHandle signer(EVP_PKEY_CTX_new(key.get(), nullptr), EVP_PKEY_CTX_free);
  const ContextHandle verifier(EVP_PKEY_CTX_new(key.get(), nullptr), EVP_PKEY_CTX_free);
  require(key != nullptr && signer != nullptr && verifier != nullptr &&
          EVP_PKEY_sign_init(signer.get()) == 1 && EVP_PKEY_verify_init(verifier.get()) == 1);
  const std::array<unsigned char, 32> digest{1, 2, 3};
  std::array<unsigned char, 80> signature{};
  std::size_t size = 0;
  SignatureTimes times;
  times.sign_us = microseconds_each(count, [&] {
    size = signature.size();
    return EVP_PKEY_sign(signer.get(), signature.data(), &size, digest.data(), digest.size()) == 1;
  });
  times.verify_us = microseconds_each(count, [&] {
    return EVP_PKEY_verify(verifier.get(), signature.data(), size, digest.data(), digest.size()) ==
           1;
  });
  return times;
}

}  // namespace ccbus::bench
