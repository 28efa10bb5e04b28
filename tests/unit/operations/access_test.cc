#include "service/operations/access.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <string>
#include <vector>

#include "service/base/hex.h"
#include "service/security/crypto/digest.h"
#include "tests/support/process.h"

namespace ccbus::operations {
namespace {

using Catch::Matchers::Contains;

struct Rig {
  Rig() {
    const auto line = [](const std::string& right, const std::string& token) {
      return right + " " + to_hex(security::as_text(security::sha256({token}))) + " " + right +
             "er\n";
    };
    std::ofstream(directory.path() / "tokens")
        << line("read", "to-read") << line("write", "to-write");
    REQUIRE(tokens.reload());
  }

  // The status of a refusal; 0 if the request may go on.
  [[nodiscard]] int refused(const Access::Options& options, const HttpRequest& request,
                            Need need) const {
    const auto refusal = Access(options).why_refused(request, need);
    return refusal ? refusal->status : 0;
  }

  test::TemporaryDirectory directory;
  security::TokenStore tokens{directory.path() / "tokens"};
  const Access::Options by_token{&tokens, false, false};
  const Access::Options by_certificate{nullptr, true, false};
  const Access::Options by_both{&tokens, true, false};
};

HttpRequest showing(std::vector<std::string> authorizations, bool certificate = false) {
  HttpRequest request;
  request.authorizations = std::move(authorizations);
  request.has_client_certificate = certificate;
  return request;
}

TEST_CASE("reading and writing are two rights of a token", "[operations][issue-16]") {
  const Rig rig;
  for (const char* header : {"Bearer to-read", "bearer to-read", "BEARER   to-read  "}) {
    CHECK(rig.refused(rig.by_token, showing({header}), Need::kRead) == 0);
    CHECK(rig.refused(rig.by_token, showing({header}), Need::kWrite) == 403);
  }
  CHECK(rig.refused(rig.by_token, showing({"Bearer to-write"}), Need::kRead) == 0);
  CHECK(rig.refused(rig.by_token, showing({"Bearer to-write"}), Need::kWrite) == 0);
  const auto refusal = Access(rig.by_token).why_refused(showing({"Bearer to-read"}), Need::kWrite);
  CHECK_THAT(refusal->why, Contains("reader may read"));
}

TEST_CASE("what is no token of the file is 401, whatever it looks like", "[operations][issue-16]") {
  const Rig rig;
  const std::vector<std::vector<std::string>> shown = {
      {},
      {""},
      {"Bearer"},
      {"Bearer "},
      {"to-read"},
      {"Basic to-read"},
      {"Bearer to-rea"},
      {"Bearer to-read2"},
      {"Bearer to-read", "Bearer to-read"},
      {"Bearer wrong", "Bearer to-read"},
  };
  for (const auto& headers : shown) {
    for (const Need need : {Need::kRead, Need::kWrite}) {
      const auto refusal = Access(rig.by_token).why_refused(showing(headers), need);
      REQUIRE(refusal);
      CHECK(refusal->status == 401);
      CHECK_THAT(refusal->why, !Contains("to-rea") && !Contains("wrong"));
    }
    CHECK(rig.refused(rig.by_token, showing(headers), Need::kNothing) == 0);
  }
}

TEST_CASE("a certificate of a trusted CA allows everything, as with Fabric's peer",
          "[operations][issue-16][row-301]") {
  const Rig rig;
  for (const auto& options : {rig.by_certificate, rig.by_both}) {
    CHECK(rig.refused(options, showing({}, true), Need::kWrite) == 0);
    CHECK(rig.refused(options, showing({}, false), Need::kRead) == 401);
    CHECK(rig.refused(options, showing({}, false), Need::kNothing) == 0);
  }
  CHECK(rig.refused(rig.by_both, showing({"Bearer to-read"}), Need::kRead) == 0);
  CHECK(rig.refused(rig.by_certificate, showing({"Bearer to-read"}), Need::kRead) == 401);
}

TEST_CASE("where a certificate is required, no token and no path does without",
          "[operations][issue-16]") {
  const Rig rig;
  const Access::Options required{&rig.tokens, true, true};
  CHECK(rig.refused(required, showing({"Bearer to-write"}), Need::kRead) == 401);
  CHECK(rig.refused(required, showing({}), Need::kNothing) == 401);
  CHECK(rig.refused(required, showing({}, true), Need::kWrite) == 0);
}

TEST_CASE("without tokens and CAs nobody is asked", "[operations][issue-16]") {
  const Rig rig;
  CHECK(rig.refused({}, showing({}), Need::kWrite) == 0);
}

}  // namespace
}  // namespace ccbus::operations
