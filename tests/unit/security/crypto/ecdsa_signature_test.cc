#include "service/security/crypto/ecdsa_signature.h"

#include <catch2/catch.hpp>
#include <string>

#include "tests/support/test_organization.h"

namespace ccbus::security {
namespace {

TEST_CASE("the other half of a signature is the other one of the pair", "[security][issue-16]") {
  const std::string curve = GENERATE(as<std::string>(), "P-256", "P-384", "P-521");
  const test::Credential signer = test::self_signed({.common_name = "signer", .key = curve});
  const auto order = CurveOrder::of(signer.key().get());
  REQUIRE(order.has_value());
  const std::string low = signer.sign("bytes");
  const auto high = order->to_high_s(low);
  REQUIRE(high.has_value());
  CHECK(*order->is_low_s(low));
  CHECK_FALSE(*order->is_low_s(*high));
  CHECK(*order->to_low_s(*high) == low);
  CHECK(*order->to_low_s(low) == low);
}

TEST_CASE("bytes that are no pair of positive numbers are no signature", "[security][issue-16]") {
  const test::Credential signer = test::self_signed({.common_name = "signer"});
  const auto order = CurveOrder::of(signer.key().get());
  const std::string good = signer.sign("bytes");
  const auto reason = [&](const std::string& signature) {
    const auto low = order->is_low_s(signature);
    return low ? std::string("good") : low.error().message;
  };
  CHECK(reason("") == "failed unmashalling signature");
  CHECK(reason("nonsense") == "failed unmashalling signature");
  CHECK(reason(good + "x") == "failed unmashalling signature");
  CHECK(reason(good.substr(0, good.size() - 1)) == "failed unmashalling signature");
  CHECK(reason(std::string("\x30\x06\x02\x01\x00\x02\x01\x01", 8)) ==
        "invalid signature, R must be larger than zero");
  CHECK(reason(std::string("\x30\x06\x02\x01\x01\x02\x01\x00", 8)) ==
        "invalid signature, S must be larger than zero");
}

TEST_CASE("a key that does not sign with ECDSA has no order", "[security][issue-16]") {
  const test::Credential signer = test::self_signed({.common_name = "signer", .key = "ED25519"});
  CHECK_FALSE(CurveOrder::of(signer.key().get()).has_value());
}

}  // namespace
}  // namespace ccbus::security
