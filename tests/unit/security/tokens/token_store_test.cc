#include "service/security/tokens/token_store.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <string>

#include "service/base/hex.h"
#include "service/security/crypto/digest.h"
#include "tests/support/process.h"

namespace ccbus::security {
namespace {

std::string line_of(const std::string& token) {
  return "read " + to_hex(as_text(sha256({token}))) + "\n";
}

TEST_CASE("tokens change with their file; one that cannot be read leaves those before",
          "[security][issue-16]") {
  const test::TemporaryDirectory directory;
  const auto file = directory.path() / "tokens";
  const auto write = [&](const std::string& text) { std::ofstream(file) << text; };
  TokenStore store(file);
  CHECK_FALSE(store.reload());
  CHECK(store.tokens() == nullptr);

  write(line_of("first"));
  REQUIRE(store.reload());
  const auto before = store.tokens();
  CHECK(before->find("first") != nullptr);

  write("what is this");
  const auto wrong = store.reload();
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().message.find(file.string() + ": line 1") == 0);
  CHECK(store.tokens() == before);

  write(line_of("second"));
  REQUIRE(store.reload());
  CHECK(store.tokens()->find("first") == nullptr);
  CHECK(store.tokens()->find("second") != nullptr);
}

}  // namespace
}  // namespace ccbus::security
