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

// The operations service over HTTP/1.1, as a Fabric peer has it on 9443: /healthz, /metrics,
// /logspec and /version are Fabric's to the field; /varz, /connz and /configz are ours. Every
// answer ends its connection.
//
// Thread: a thread of its own accepts and answers, one request after the other; it alone calls the
//         watched. Constructed and destroyed on the owner's.
class Endpoint {
 public:
  struct Options {
    std::string address;  // host:port; port 0 lets the system choose.
    std::string version;
    std::string commit;
    std::vector<ConfigEntry> configuration;  // As it was loaded.
  };

  // Listens. Throws std::runtime_error naming the address if that fails. The references outlive it.
  Endpoint(Options options, Watched& watched, Logger& logger);
  // Blocks: until the answer that is under way is out.
  ~Endpoint();
  Endpoint(const Endpoint&) = delete;
  Endpoint& operator=(const Endpoint&) = delete;

  // http://host:port, with the port that the system chose.
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
