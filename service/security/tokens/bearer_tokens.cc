#include "service/security/tokens/bearer_tokens.h"

#include <openssl/crypto.h>

#include <algorithm>

#include "service/base/hex.h"
#include "service/security/crypto/digest.h"

namespace ccbus::security {
namespace {

constexpr std::string_view kBlanks = " \t\r";

// Takes the next word of a line; empty after the last one.
std::string_view take_word(std::string_view& line) {
  line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
  const std::string_view word = line.substr(0, line.find_first_of(kBlanks));
  line.remove_prefix(word.size());
  return word;
}

// Returns what is wrong with a line; nullopt if the token has been read.
std::optional<std::string> read_token(std::string_view line, BearerToken& token) {
  const std::string_view right = take_word(line);
  if (right != "read" && right != "write") return "it does not begin with 'read' or 'write'";
  token.right = right == "write" ? TokenRight::kWrite : TokenRight::kRead;
  const auto digest = from_hex(take_word(line));
  if (!digest || digest->size() != token.digest.size()) {
    return "the second word is not a SHA-256 in 64 hexadecimal digits";
  }
  std::ranges::copy(*digest, token.digest.begin());
  token.name = take_word(line);
  if (!take_word(line).empty()) return "there are words after the token's name";
  return std::nullopt;
}

}  // namespace

Result<BearerTokens> BearerTokens::parse(std::string_view text) {
  BearerTokens tokens;
  for (std::size_t number = 1; !text.empty(); ++number) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    line = line.substr(0, line.find('#'));
    if (line.find_first_not_of(kBlanks) == std::string_view::npos) continue;
    BearerToken token;
    if (const auto wrong = read_token(line, token)) {
      return fail(ErrorCode::kInvalid, "line " + std::to_string(number) + ": " + *wrong);
    }
    tokens.tokens_.push_back(std::move(token));
  }
  if (tokens.tokens_.empty()) return fail(ErrorCode::kInvalid, "there is no token in it");
  return tokens;
}

const BearerToken* BearerTokens::find(std::string_view presented) const {
  const Sha256Digest digest = sha256({presented});
  const BearerToken* found = nullptr;
  for (const BearerToken& token : tokens_) {  // To the end, whichever it is.
    const bool is_it = CRYPTO_memcmp(digest.data(), token.digest.data(), digest.size()) == 0;
    found = is_it ? &token : found;
  }
  return found;
}

}  // namespace ccbus::security
