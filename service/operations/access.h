#pragma once

#include <optional>
#include <string>

#include "service/operations/http_message.h"
#include "service/security/tokens/token_store.h"

namespace ccbus::operations {

// What a request needs. As with Fabric's peer, nobody is asked for anything at /healthz and
// /version, so that a load balancer and a container engine need no secret.
enum class Need { kNothing, kRead, kWrite };

// Who may use the operations endpoint. A request shows a bearer token, or came over TLS with a
// certificate of a CA that is trusted; the certificate allows everything, as it does with Fabric's
// peer. If neither tokens nor CAs are configured, nobody is asked.
//
// Thread: any.
class Access {
 public:
  struct Options {
    const security::TokenStore* tokens = nullptr;  // Null: no token is accepted.
    bool has_client_roots = false;                 // Whether a certificate can be verified.
    bool is_certificate_required = false;          // For every path, beside what it needs.
  };

  explicit Access(Options options) : options_(options) {}

  struct Refusal {
    int status;       // 401: who are you; 403: you may not.
    std::string why;  // Has nothing of what was presented.
  };
  // Returns nullopt if the request may go on.
  [[nodiscard]] std::optional<Refusal> why_refused(const HttpRequest& request, Need need) const;

 private:
  const Options options_;
};

}  // namespace ccbus::operations
