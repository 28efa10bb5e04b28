#pragma once

#include <optional>
#include <string>
#include <vector>

#include "service/operations/http_message.h"

namespace ccbus::operations {

// Protects requests that change something from web pages that an operator has open. A browser sends
// what a page of another site asks for, with that site in Origin; and if that site's name has been
// pointed at our address (DNS rebinding), with its name in Host. Programs that are not browsers
// send no Origin, and in Host the address that they were given.
//
// A Host is ours if it names localhost, a loopback address, the host that the endpoint listens on,
// the address by which the client has reached us, or one of `names`; the port does not matter. An
// Origin is ours if it has the host and port of the Host header.
class SameSite {
 public:
  // `listening` is a host without a port. All names are compared without regard to case.
  SameSite(const std::string& listening, const std::vector<std::string>& names);

  // Returns why the request must be refused, naming the header and its value, printable and cut;
  // nullopt if it need not. Thread: any.
  [[nodiscard]] std::optional<std::string> why_foreign(const HttpRequest& request) const;

 private:
  [[nodiscard]] bool is_ours(const std::string& host, const std::string& local_address) const;

  std::vector<std::string> names_;  // In lower case.
};

}  // namespace ccbus::operations
