// The random method is deprecated in favour of providers, which cannot be replaced from outside.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "tests/simulation/engine/repeatable_identity.h"

#include <openssl/rand.h>

#include <filesystem>
#include <stdexcept>
#include <utility>

#include "tests/simulation/engine/chance.h"
#include "tests/support/checkout.h"

namespace ccbus::simulation {
namespace {

Chance& random() {
  static Chance made(1);
  return made;
}

int fill(unsigned char* bytes, int count) {
  for (int i = 0; i < count; ++i) bytes[i] = static_cast<unsigned char>(random().next());
  return 1;
}

int status() {
  return 1;
}

}  // namespace

void seed_openssl(std::uint64_t seed) {
  static RAND_METHOD method = {nullptr, fill, nullptr, nullptr, fill, status};
  random() = Chance(seed);
  if (RAND_set_rand_method(&method) != 1) throw std::runtime_error("OpenSSL keeps its own method");
}

security::SigningIdentity repeatable_identity() {
  const std::filesystem::path folder(test::source_path("tests/simulation/engine/identity"));
  if (!std::filesystem::exists(folder / "cert.pem")) {
    throw std::runtime_error("there is no identity in " + folder.string());
  }
  auto loaded = security::SigningIdentity::load_or_create(folder, "SimulatedMSP");
  if (!loaded) throw std::runtime_error(loaded.error().message);
  return std::move(*loaded);
}

}  // namespace ccbus::simulation
