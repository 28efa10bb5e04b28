#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/base/result.h"

namespace ccbus::security {

enum class TokenRight { kRead, kWrite };  // Who may write may read.

// A token that is accepted. The token itself is not kept: its SHA-256 is enough to know it again.
struct BearerToken {
  std::array<unsigned char, 32> digest{};
  TokenRight right = TokenRight::kRead;
  std::string name;  // For log lines; empty if the file gives none.
};

// The bearer tokens (RFC 6750) of the operations endpoint. Immutable: any thread may use it.
class BearerTokens {
 public:
  // Reads lines of the form `read SHA256 [NAME]` and `write SHA256 [NAME]`, the digest in 64
  // hexadecimal digits. Empty lines, and what follows a '#', mean nothing.
  //
  // Errors: kInvalid, with the number of the line and what is wrong, but not the line: it may hold
  //         a token by mistake. Also if there is no token at all.
  [[nodiscard]] static Result<BearerTokens> parse(std::string_view text);

  // Returns the token that was presented; null if it is not one of these. The time does not depend
  // on how much of a token has been guessed, nor on which of them it is.
  // Lifetime: the result is part of *this.
  [[nodiscard]] const BearerToken* find(std::string_view presented) const;

  [[nodiscard]] std::size_t size() const { return tokens_.size(); }

 private:
  std::vector<BearerToken> tokens_;
};

}  // namespace ccbus::security
