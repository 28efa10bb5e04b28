#include "service/security/msp/verified_signatures.h"

#include <catch2/catch.hpp>
#include <cstddef>
#include <string>
#include <vector>

namespace ccbus::security {
namespace {

Sha256Digest numbered(int number) {
  return sha256({std::to_string(number)});
}

TEST_CASE("a signature that was added is known", "[security][issue-16]") {
  VerifiedSignatures signatures(64);
  CHECK_FALSE(signatures.contains(numbered(1)));
  signatures.add(numbered(1));
  CHECK(signatures.contains(numbered(1)));
  CHECK_FALSE(signatures.contains(numbered(2)));
}

TEST_CASE("the newest signatures stay when there are more than the table holds",
          "[security][issue-16]") {
  constexpr int kAll = 10'000;
  constexpr std::size_t kMax = 256;
  VerifiedSignatures signatures(kMax);
  for (int i = 0; i < kAll; ++i) {
    signatures.add(numbered(i));
    REQUIRE(signatures.contains(numbered(i)));
  }
  std::size_t known = 0;
  for (int i = 0; i < kAll; ++i) known += signatures.contains(numbered(i)) ? 1 : 0;
  CHECK(known == kMax);  // Each place was taken many times.
  for (int i = 0; i < kAll / 2; ++i) CHECK_FALSE(signatures.contains(numbered(i)));
}

TEST_CASE("a table of no places remembers nothing", "[security][issue-16]") {
  VerifiedSignatures signatures(0);
  signatures.add(numbered(1));
  CHECK_FALSE(signatures.contains(numbered(1)));
}

}  // namespace
}  // namespace ccbus::security
