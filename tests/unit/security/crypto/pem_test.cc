#include "service/security/crypto/pem.h"

#include <catch2/catch.hpp>
#include <string>

namespace ccbus::security {
namespace {

TEST_CASE("what is written in PEM is read again", "[security][issue-16]") {
  for (const std::size_t size : {0u, 1u, 47u, 48u, 49u, 50u, 1000u}) {
    std::string bytes;
    for (std::size_t at = 0; at < size; ++at) bytes.push_back(static_cast<char>(at * 7));
    const std::string text = encode_pem("CERTIFICATE", bytes);
    const auto block = decode_pem(text);
    REQUIRE(block.has_value());
    CHECK(block->type == "CERTIFICATE");
    CHECK(block->bytes == bytes);
    CHECK(block->rest.empty());
  }
}

TEST_CASE("text before a block, headers in it and blocks behind it are told apart",
          "[security][issue-16]") {
  const std::string text =
      "Certificate of somebody\n-----BEGIN A-----\nProc-Type: 4,ENCRYPTED\n\nAQID\n-----END A-----"
      "  \r\n-----BEGIN B-----\r\nBAUG\r\n-----END B-----";
  const auto first = decode_pem(text);
  REQUIRE(first.has_value());
  CHECK(first->type == "A");
  CHECK(first->bytes == "\x01\x02\x03");
  const auto second = decode_pem(first->rest);
  REQUIRE(second.has_value());
  CHECK(second->type == "B");
  CHECK(second->bytes == "\x04\x05\x06");
  CHECK_FALSE(decode_pem(second->rest).has_value());
}

TEST_CASE("a block that is not whole is passed over", "[security][issue-16]") {
  const std::string good = "-----BEGIN GOOD-----\nAQID\n-----END GOOD-----\n";
  const std::string bad =
      GENERATE(as<std::string>(), "-----BEGIN BAD-----\nAQ\n-----END BAD-----\n",
               "-----BEGIN BAD-----\nA%ID\n-----END BAD-----\n",
               "-----BEGIN BAD-----\nAQID\n-----END OTHER-----\n", "-----BEGIN BAD-----\nAQID\n",
               "-----BEGIN BAD\nAQID\n", "-----BEGIN BAD-----\nAQ==AQID\n-----END BAD-----\n",
               " -----BEGIN BAD-----\nAQID\n-----END BAD-----\n");
  CHECK_FALSE(decode_pem(bad).has_value());
  const auto block = decode_pem(bad + good);
  REQUIRE(block.has_value());
  CHECK(block->type == "GOOD");
}

}  // namespace
}  // namespace ccbus::security
