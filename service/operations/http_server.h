#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "service/base/mutex.h"
#include "service/operations/answer_threads.h"
#include "service/operations/connection_table.h"
#include "service/operations/http_message.h"
#include "service/operations/http_tls.h"

struct MHD_Daemon;

namespace ccbus::operations {

inline constexpr std::chrono::seconds kHttpIdleTimeout{3};     // Neither reads nor writes.
inline constexpr std::size_t kHttpHeaderBytesMax = 16 * 1024;  // Request line and headers.
inline constexpr std::size_t kHttpBodyBytesMax = 4096;  // Of a request, unless told otherwise.

// HTTP/1.1 with keep-alive. One thread does all input and output, with epoll; responses are
// computed by AnswerThreads. Idle and slow connections cost a client nothing: see ConnectionTable.
//
// Thread: constructed and destroyed on the owner's thread.
class HttpServer {
 public:
  struct Options {
    std::string address;      // host:port; port 0 lets the system choose.
    std::string health_path;  // It has a thread of its own.
    // At once. Each takes a descriptor; three more are the listening socket, epoll's and that which
    // wakes the thread up. Above seven eighths of them, or five eighths from one address, a waiting
    // connection gives way to the next one: the rest is for connections that are being closed.
    std::size_t connections_max = 256;
    std::size_t body_bytes_max = kHttpBodyBytesMax;  // At most kBodyBytesDrained.
    std::optional<HttpTls> tls{};                    // nullopt: HTTP in the clear.
  };

  // Listens. Throws std::runtime_error with the system's reason if that fails. `answer` is called
  // on several threads at once, for every request that is complete and within the limits.
  HttpServer(Options options, AnswerThreads::Answer answer);
  // Blocks: until the responses in progress have been sent, at most a second.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // The port of the address, or the one that the system chose.
  [[nodiscard]] int port() const { return port_; }

 private:
  struct Exchange;   // One request and its response.
  struct Callbacks;  // What libmicrohttpd calls, on its thread.

  void finished_one() CCBUS_EXCLUDES(mutex_);

  const std::string health_path_;
  const std::size_t body_bytes_max_;
  const std::optional<HttpTls> tls_;  // libmicrohttpd keeps pointers to it.
  int port_ = 0;
  AnswerThreads answers_;
  ConnectionTable connections_;  // The thread of libmicrohttpd only.

  Mutex mutex_;
  Condition changed_;
  std::size_t in_progress_ CCBUS_GUARDED_BY(mutex_) = 0;  // Computed or being sent.

  MHD_Daemon* daemon_ = nullptr;
};

}  // namespace ccbus::operations
