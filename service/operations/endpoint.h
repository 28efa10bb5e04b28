#pragma once

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "service/base/log.h"
#include "service/config/config_entries.h"
#include "service/operations/watched.h"

namespace httplib {
class Server;
struct Request;
struct Response;
}  // namespace httplib

namespace ccbus::operations {

// The operations service over HTTP/1.1, as a Fabric peer serves it on port 9443. /healthz,
// /metrics, /logspec and /version have the same fields as Fabric's; /varz, /connz and /configz are
// our own. Every response closes its connection.
//
// Thread: constructed and destroyed on the owner's thread. One thread of its own accepts
//         connections and answers requests, one after the other; only it calls `watched`.
class Endpoint {
 public:
  struct Options {
    std::string address;  // host:port; port 0 lets the system choose.
    std::string version;
    std::string commit;
    std::vector<ConfigEntry> configuration;  // As it was loaded at the start.
  };

  // Listens. Throws std::runtime_error, naming the address, if that fails. `watched` and `logger`
  // must outlive the endpoint.
  Endpoint(Options options, Watched& watched, Logger& logger);
  // Blocks: until the response in progress has been sent.
  ~Endpoint();
  Endpoint(const Endpoint&) = delete;
  Endpoint& operator=(const Endpoint&) = delete;

  // http://host:port. If options.address has port 0, with the port that the system chose.
  [[nodiscard]] const std::string& url() const { return url_; }

 private:
  void route();
  void healthz(httplib::Response& response);
  void set_logspec(const httplib::Request& request, httplib::Response& response);
  void varz(httplib::Response& response);
  void connz(const httplib::Request& request, httplib::Response& response);
  void configz(httplib::Response& response);

  const Options options_;
  Watched& watched_;
  Logger& logger_;
  std::string url_;
  const std::unique_ptr<httplib::Server> server_;
  std::thread thread_;  // Last: it uses all of the above.
};

}  // namespace ccbus::operations
