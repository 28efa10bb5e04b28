#pragma once

#include <string>
#include <utility>
#include <vector>

namespace ccbus::operations {

// A request as it was received. All of it is untrusted text.
struct HttpRequest {
  std::string method;  // GET, also for HEAD: the server leaves the body out.
  std::string path;
  std::vector<std::pair<std::string, std::string>> parameters;  // After '?', decoded.
  std::vector<std::string> hosts;           // The values of all Host headers; one, if all is well.
  std::vector<std::string> origins;         // The same for Origin, which only a browser sends.
  std::vector<std::string> authorizations;  // The same for Authorization. Secret: never logged.
  // Whether the connection is TLS and the client has proved that it has a certificate of a CA that
  // is trusted.
  bool has_client_certificate = false;
  std::string local_address;  // The numeric address by which the client has reached us.
  std::string body;
};

struct HttpResponse {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::string allow;           // The header Allow of a 405; "" leaves it out.
  std::string authenticate{};  // The header WWW-Authenticate of a 401; "" leaves it out.
};

}  // namespace ccbus::operations
