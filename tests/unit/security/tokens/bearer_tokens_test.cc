#include "service/security/tokens/bearer_tokens.h"

#include <catch2/catch.hpp>
#include <string>

#include "service/base/hex.h"
#include "service/security/crypto/digest.h"

namespace ccbus::security {
namespace {

using Catch::Matchers::Contains;

const std::string kToken = "5f1d0c7e9b";

std::string digest_of(const std::string& token) {
  return to_hex(as_text(sha256({token})));
}

TEST_CASE("a file of tokens says for each what it may, and its name", "[security][issue-16]") {
  const auto tokens = BearerTokens::parse("# prometheus scrapes\n\n  read " + digest_of("a") +
                                          " prometheus # since May\n\twrite\t" + digest_of("b") +
                                          "\r\nread " + digest_of("c"));
  REQUIRE(tokens);
  CHECK(tokens->size() == 3);
  REQUIRE(tokens->find("a") != nullptr);
  CHECK(tokens->find("a")->right == TokenRight::kRead);
  CHECK(tokens->find("a")->name == "prometheus");
  REQUIRE(tokens->find("b") != nullptr);
  CHECK(tokens->find("b")->right == TokenRight::kWrite);
  CHECK(tokens->find("b")->name.empty());
  REQUIRE(tokens->find("c") != nullptr);
}

TEST_CASE("a token is known whole or not at all", "[security][issue-16]") {
  const auto tokens = BearerTokens::parse("read " + digest_of(kToken) + "\n");
  REQUIRE(tokens);
  CHECK(tokens->find(kToken) != nullptr);
  CHECK(tokens->find("") == nullptr);
  CHECK(tokens->find(kToken + "\n") == nullptr);
  CHECK(tokens->find(digest_of(kToken)) == nullptr);  // Who has read the file has no token.
  for (std::size_t length = 0; length < kToken.size(); ++length) {
    CHECK(tokens->find(kToken.substr(0, length)) == nullptr);
  }
  for (std::size_t bit = 0; bit < kToken.size() * 8; ++bit) {
    std::string other = kToken;
    other[bit / 8] = static_cast<char>(other[bit / 8] ^ (1 << (bit % 8)));
    CHECK(tokens->find(other) == nullptr);
  }
}

TEST_CASE("a digest that differs from the token's in any one bit is of another token",
          "[security][issue-16]") {
  const Sha256Digest digest = sha256({kToken});
  for (std::size_t bit = 0; bit < digest.size() * 8; ++bit) {
    Sha256Digest other = digest;
    other[bit / 8] = static_cast<unsigned char>(other[bit / 8] ^ (1u << (bit % 8)));
    const auto tokens = BearerTokens::parse("read " + to_hex(as_text(other)));
    REQUIRE(tokens);
    CHECK(tokens->find(kToken) == nullptr);
  }
}

TEST_CASE("a file that is wrong is refused with its line, which is not quoted",
          "[security][issue-16]") {
  const std::string digest = digest_of(kToken);
  const auto [text, why] = GENERATE_COPY(table<std::string, std::string>({
      {"", "there is no token"},
      {"# none yet\n\n", "there is no token"},
      {"read " + digest + "\nadmin " + digest, "line 2: it does not begin with"},
      {"\n\nsecret-token", "line 3: it does not begin with"},
      {"read", "line 1: the second word"},
      {"read secret-token", "line 1: the second word"},
      {"read " + digest.substr(1), "line 1: the second word"},
      {"read " + digest + "00", "line 1: the second word"},
      {"write " + digest + " two names", "line 1: there are words after"},
  }));
  const auto tokens = BearerTokens::parse(text);
  REQUIRE_FALSE(tokens);
  CHECK_THAT(tokens.error().message, Contains(why));
  CHECK_THAT(tokens.error().message, !Contains("secret-token"));
}

}  // namespace
}  // namespace ccbus::security
