#include "service/operations/access.h"

#include <strings.h>

#include <string_view>

#include "service/operations/http_status.h"

namespace ccbus::operations {
namespace {

// The token of the header Authorization; empty if it has none (RFC 6750, 2.1).
std::string_view bearer_token(std::string_view header) {
  constexpr std::string_view kScheme = "Bearer ";
  if (header.size() < kScheme.size() ||
      strncasecmp(header.data(), kScheme.data(), kScheme.size()) != 0) {
    return {};
  }
  header.remove_prefix(kScheme.size());
  while (header.starts_with(' ')) header.remove_prefix(1);
  while (header.ends_with(' ')) header.remove_suffix(1);
  return header;
}

}  // namespace

std::optional<Access::Refusal> Access::why_refused(const HttpRequest& request, Need need) const {
  if (options_.is_certificate_required && !request.has_client_certificate) {
    return Refusal{kUnauthorized,
                   "a client certificate is required (operations.tls.clientAuthRequired), and none "
                   "was given that one of operations.tls.clientRootCAs has issued"};
  }
  const bool is_anyone_asked = options_.tokens != nullptr || options_.has_client_roots;
  if (need == Need::kNothing || !is_anyone_asked || request.has_client_certificate) {
    return std::nullopt;
  }
  if (request.authorizations.size() > 1) {
    return Refusal{kUnauthorized, "there are several headers Authorization"};
  }
  const std::string_view presented =
      request.authorizations.empty() ? "" : bearer_token(request.authorizations.front());
  if (presented.empty() || options_.tokens == nullptr) {
    return Refusal{kUnauthorized,
                   options_.tokens != nullptr
                       ? "a bearer token is asked for, and none was given: Authorization: Bearer "
                         "TOKEN; for ccbus --token-file or CCBUS_OPERATIONS_TOKEN_FILE"
                       : "a client certificate is asked for, and none was given that one of "
                         "operations.tls.clientRootCAs has issued"};
  }
  const auto tokens = options_.tokens->tokens();
  const security::BearerToken* token = tokens ? tokens->find(presented) : nullptr;
  if (token == nullptr) {
    return Refusal{kUnauthorized, "the token is not one of those in operations.tokens"};
  }
  if (need == Need::kWrite && token->right != security::TokenRight::kWrite) {
    return Refusal{kForbidden, "the token" + (token->name.empty() ? "" : " " + token->name) +
                                   " may read; to change something it has to be a token to write"};
  }
  return std::nullopt;
}

}  // namespace ccbus::operations
