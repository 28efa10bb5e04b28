#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "service/base/log.h"
#include "service/config/config_entries.h"
#include "service/operations/access.h"
#include "service/operations/http_server.h"
#include "service/operations/same_site.h"
#include "service/operations/watched.h"

namespace ccbus::operations {

// The operations service over HTTP/1.1, as a Fabric peer serves it on port 9443. /healthz,
// /metrics, /logspec and /version have the same fields as Fabric's; /configz is our own, and a
// program may have further paths. http_server.h has its limits.
//
// Thread: constructed and destroyed on the owner's thread. Threads of its own serve the requests,
//         several at once; they call `watched`.
class Endpoint {
 public:
  struct Options {
    std::string address;  // host:port; port 0 lets the system choose.
    std::string version;
    std::string commit;
    std::vector<ConfigEntry> configuration;  // As it was loaded at the start.
    std::vector<std::string> hosts;          // Further names of ours, for PUT: see same_site.h.
    std::size_t connections_max = 256;       // See http_server.h.
    std::size_t body_bytes_max = kHttpBodyBytesMax;
    std::optional<HttpTlsFiles> tls{};  // nullopt: HTTP in the clear.
    Access::Options access{};           // What it points to outlives the endpoint.
  };

  using Serve = std::function<HttpResponse(const HttpRequest&)>;
  struct Route {
    std::string path;
    std::string method;  // GET serves HEAD, too.
    Need need;
    Serve serve;  // Called on the endpoint's threads, several at once.
  };

  // Listens. Throws std::runtime_error, naming the address or the file and the reason, if that
  // fails. `watched` and `logger` must outlive the endpoint.
  // Blocks: on the disk.
  Endpoint(Options options, Watched& watched, Logger& logger, std::vector<Route> further = {});
  // Blocks: until the responses in progress have been sent.
  ~Endpoint() = default;
  Endpoint(const Endpoint&) = delete;
  Endpoint& operator=(const Endpoint&) = delete;

  // http://host:port, or https:// with TLS. If options.address has port 0, with the port that the
  // system chose.
  [[nodiscard]] const std::string& url() const { return url_; }

 private:
  struct Method {
    Need need;
    Serve serve;
  };
  using Methods = std::map<std::string, Method>;  // By name.

  [[nodiscard]] std::map<std::string, Methods> make_routes(std::vector<Route> further);
  [[nodiscard]] HttpResponse respond(const HttpRequest& request) const;
  [[nodiscard]] HttpResponse healthz() const;
  [[nodiscard]] HttpResponse metrics() const;
  [[nodiscard]] HttpResponse set_logspec(const HttpRequest& request) const;
  [[nodiscard]] HttpResponse configz() const;

  const Options options_;
  Watched& watched_;
  Logger& logger_;
  const SameSite same_site_;
  const Access access_;
  const std::map<std::string, Methods> routes_;  // By path.
  std::unique_ptr<HttpServer> server_;           // After all that its threads use.
  std::string url_;
};

}  // namespace ccbus::operations
