#include "service/operations/http_server.h"

#include <microhttpd.h>
#include <sys/socket.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <exception>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

#include "service/operations/listening_socket.h"

namespace ccbus::operations {
namespace {

// A body above the limit is read to its end, so that the client sees the refusal; beyond this size
// the connection is closed.
constexpr std::size_t kBodyBytesDrained = 1024 * 1024;
constexpr std::size_t kResponseBytesMax = 64 * 1024 * 1024;  // Of all that are being sent.
constexpr std::chrono::seconds kStopPatience{1};
constexpr char kTlsVersions[] = "SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2";  // GnuTLS' words.

std::shared_ptr<const HttpResponse> refusal(int status, const std::string& why) {
  return std::make_shared<const HttpResponse>(
      HttpResponse{status, "application/json", "{\"error\":\"" + why + "\"}\n", ""});
}

std::shared_ptr<const HttpResponse> body_too_large(std::size_t bytes_max) {
  return refusal(413, "the body has more than " + std::to_string(bytes_max) + " bytes");
}

std::string text_of(const char* value, std::size_t size) {
  return value == nullptr ? "" : std::string(value, size);
}

bool equals_ignoring_case(std::string_view one, std::string_view other) {
  return one.size() == other.size() && strncasecmp(one.data(), other.data(), one.size()) == 0;
}

// Gives libmicrohttpd a share of the response until it has been sent.
MHD_Response* make_response(const std::shared_ptr<const HttpResponse>& response) {
  using Share = std::shared_ptr<const HttpResponse>;
  auto share = std::make_unique<Share>(response);
  // It does not write to the buffer.
  auto* bytes = const_cast<char*>(response->body.data());
  MHD_Response* made = MHD_create_response_from_buffer_with_free_callback_cls(
      response->body.size(), bytes, [](void* owner) { delete static_cast<Share*>(owner); },
      share.get());
  if (made == nullptr) return nullptr;
  static_cast<void>(share.release());
  if (!response->body.empty()) {
    MHD_add_response_header(made, MHD_HTTP_HEADER_CONTENT_TYPE, response->content_type.c_str());
  }
  if (!response->allow.empty()) {
    MHD_add_response_header(made, MHD_HTTP_HEADER_ALLOW, response->allow.c_str());
  }
  if (!response->authenticate.empty()) {
    MHD_add_response_header(made, MHD_HTTP_HEADER_WWW_AUTHENTICATE, response->authenticate.c_str());
  }
  return made;
}

std::vector<MHD_OptionItem> tls_options(const HttpTls& tls) {
  const auto text = [](MHD_OPTION option, const char* value) {
    return MHD_OptionItem{option, 0, const_cast<char*>(value)};  // It does not write to it.
  };
  std::vector<MHD_OptionItem> options{text(MHD_OPTION_HTTPS_MEM_CERT, tls.certificate.c_str()),
                                      text(MHD_OPTION_HTTPS_MEM_KEY, tls.key.c_str()),
                                      text(MHD_OPTION_HTTPS_PRIORITIES, kTlsVersions)};
  if (!tls.client_roots.empty()) {
    options.push_back(text(MHD_OPTION_HTTPS_MEM_TRUST, tls.client_roots.c_str()));
  }
  return options;
}

}  // namespace

struct HttpServer::Exchange {
  HttpRequest request;
  ConnectionTable::Connection* connection = nullptr;
  std::size_t received = 0;  // Bytes of the body, those that were not kept included.
  bool in_progress = false;  // Counted in in_progress_.
  // Written by the thread that computes it, while the connection is suspended.
  std::shared_ptr<const HttpResponse> response;
};

// libmicrohttpd is C: no exception may leave these functions.
struct HttpServer::Callbacks {
  static HttpServer& self(void* server) { return *static_cast<HttpServer*>(server); }

  static void on_connection(void* server, MHD_Connection* connection, void** context,
                            MHD_ConnectionNotificationCode what) noexcept {
    ConnectionTable& table = self(server).connections_;
    if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
      table.remove(*static_cast<ConnectionTable::Connection*>(*context));
      return;
    }
    const int socket =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    *context = &table.add(socket, remote_address(socket));
    make_room(table);
  }

  // Shutting a connection down makes libmicrohttpd find its end and close it. This is its thread,
  // so the descriptor cannot be another connection's by now. (Its own limit for each address is not
  // used: it turns the newest connection away, which may be the only one with a request.)
  static void make_room(ConnectionTable& table) {
    while (const auto* leaving = table.next_to_leave()) shutdown(leaving->socket, SHUT_RDWR);
  }

  static MHD_Result on_request(void* server, MHD_Connection* connection, const char* path,
                               const char* method, const char* /*version*/, const char* data,
                               std::size_t* size, void** context) noexcept {
    try {
      return handle(self(server), connection, path, method, {data, *size}, size, context);
    } catch (const std::exception&) {
      return MHD_NO;  // Memory has ended: it closes this connection.
    }
  }

  static MHD_Result handle(HttpServer& server, MHD_Connection* connection, const char* path,
                           const char* method, std::string_view data, std::size_t* size,
                           void** context) {
    auto* exchange = static_cast<Exchange*>(*context);
    if (exchange == nullptr) {
      auto begun = std::make_unique<Exchange>();
      read_head(connection, path, method, *begun);
      exchange = begun.release();
      *context = exchange;  // on_completed() destroys it.
      if (!body_is_hopeless(server, connection)) return MHD_YES;
      return send(server, connection, *exchange, body_too_large(server.body_bytes_max_));
    }
    if (*size != 0) {
      *size = 0;
      exchange->received += data.size();
      if (exchange->received <= server.body_bytes_max_) exchange->request.body += data;
      return exchange->received <= kBodyBytesDrained ? MHD_YES : MHD_NO;
    }
    if (exchange->response) return send(server, connection, *exchange, exchange->response);
    if (exchange->received > server.body_bytes_max_) {
      return send(server, connection, *exchange, body_too_large(server.body_bytes_max_));
    }
    compute(server, connection, *exchange);
    return MHD_YES;
  }

  static void read_head(MHD_Connection* connection, const char* path, const char* method,
                        Exchange& exchange) {
    HttpRequest& request = exchange.request;
    request.path = path;
    request.method = std::strcmp(method, MHD_HTTP_METHOD_HEAD) == 0 ? MHD_HTTP_METHOD_GET : method;
    const auto each_parameter = [](void* of, MHD_ValueKind, const char* key, std::size_t key_size,
                                   const char* value, std::size_t value_size) noexcept {
      try {
        static_cast<HttpRequest*>(of)->parameters.emplace_back(text_of(key, key_size),
                                                               text_of(value, value_size));
        return MHD_YES;
      } catch (const std::exception&) {
        return MHD_NO;
      }
    };
    const auto each_header = [](void* of, MHD_ValueKind, const char* key, std::size_t key_size,
                                const char* value, std::size_t value_size) noexcept {
      try {
        auto* into = static_cast<HttpRequest*>(of);
        const std::string_view name(key, key_size);
        if (equals_ignoring_case(name, "host")) {
          into->hosts.push_back(text_of(value, value_size));
        } else if (equals_ignoring_case(name, "origin")) {
          into->origins.push_back(text_of(value, value_size));
        } else if (equals_ignoring_case(name, "authorization")) {
          into->authorizations.push_back(text_of(value, value_size));
        }
        return MHD_YES;
      } catch (const std::exception&) {
        return MHD_NO;
      }
    };
    MHD_get_connection_values_n(connection, MHD_GET_ARGUMENT_KIND, each_parameter, &request);
    MHD_get_connection_values_n(connection, MHD_HEADER_KIND, each_header, &request);
    exchange.connection = static_cast<ConnectionTable::Connection*>(
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context);
    request.local_address = local_address(exchange.connection->socket);
    const auto* tls = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    request.has_client_certificate =
        tls != nullptr &&
        has_trusted_certificate(static_cast<gnutls_session_int*>(tls->tls_session));
  }

  // Returns true if the body is not worth reading: it is announced as too large to be read to its
  // end, or the client waits for our consent before it sends it.
  static bool body_is_hopeless(const HttpServer& server, MHD_Connection* connection) {
    const auto* length =
        MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_LENGTH);
    if (length == nullptr) return false;
    const std::string_view text = length;
    std::uint64_t bytes = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), bytes);
    if (read.ec == std::errc::result_out_of_range || bytes > kBodyBytesDrained) return true;
    return bytes > server.body_bytes_max_ &&
           MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_EXPECT);
  }

  // The connection is suspended until its response is there.
  static void compute(HttpServer& server, MHD_Connection* connection, Exchange& exchange) {
    auto done = [connection, at = &exchange](std::shared_ptr<const HttpResponse> response) {
      at->response = std::move(response);
      MHD_resume_connection(connection);
    };
    const auto lane = exchange.request.path == server.health_path_ ? AnswerThreads::Lane::kHealth
                                                                   : AnswerThreads::Lane::kOther;
    start_one(server, exchange);
    server.connections_.answering(*exchange.connection);
    MHD_suspend_connection(connection);
    try {
      if (server.answers_.submit(lane, std::move(exchange.request), done)) return;
    } catch (const std::exception&) {  // Nothing was taken: it is answered here.
    }
    done(refusal(503, "too many requests wait, or the service is stopping"));
  }

  static MHD_Result send(HttpServer& server, MHD_Connection* connection, Exchange& exchange,
                         const std::shared_ptr<const HttpResponse>& response) {
    start_one(server, exchange);
    server.connections_.sending(*exchange.connection, response->body.size());
    make_room(server.connections_);
    MHD_Response* made = make_response(response);
    if (made == nullptr) return MHD_NO;
    const MHD_Result queued =
        MHD_queue_response(connection, static_cast<unsigned int>(response->status), made);
    MHD_destroy_response(made);  // Its own share; the connection has another.
    return queued;
  }

  static void start_one(HttpServer& server, Exchange& exchange) {
    if (exchange.in_progress) return;
    exchange.in_progress = true;
    const MutexLock lock(server.mutex_);
    ++server.in_progress_;
  }

  static void on_completed(void* server, MHD_Connection* /*connection*/, void** context,
                           MHD_RequestTerminationCode /*why*/) noexcept {
    const std::unique_ptr<Exchange> exchange(static_cast<Exchange*>(*context));
    *context = nullptr;
    if (!exchange) return;
    if (exchange->connection != nullptr) self(server).connections_.waiting(*exchange->connection);
    if (exchange->in_progress) self(server).finished_one();
  }
};

HttpServer::HttpServer(Options options, AnswerThreads::Answer answer)
    : health_path_(options.health_path),
      body_bytes_max_(options.body_bytes_max),
      tls_(std::move(options.tls)),
      answers_(std::move(answer)),
      connections_(
          {options.connections_max * 7 / 8, options.connections_max * 5 / 8, kResponseBytesMax}) {
  const auto listening = listen_on(options.address);
  if (!listening) throw std::runtime_error(listening.error().message);
  port_ = listening->port;
  unsigned int flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC;
  std::vector<MHD_OptionItem> tls;
  if (tls_) {
    flags |= MHD_USE_TLS;
    tls = tls_options(*tls_);
  }
  tls.push_back({MHD_OPTION_END, 0, nullptr});
  errno = 0;
  // On failure it may or may not have closed the socket: this process then ends, and closes it.
  daemon_ = MHD_start_daemon(
      flags, 0, nullptr, nullptr, &Callbacks::on_request, this,                            //
      MHD_OPTION_LISTEN_SOCKET, listening->descriptor,                                     //
      MHD_OPTION_CONNECTION_LIMIT, static_cast<unsigned int>(options.connections_max),     //
      MHD_OPTION_CONNECTION_TIMEOUT, static_cast<unsigned int>(kHttpIdleTimeout.count()),  //
      MHD_OPTION_CONNECTION_MEMORY_LIMIT, kHttpHeaderBytesMax,                             //
      MHD_OPTION_NOTIFY_CONNECTION, &Callbacks::on_connection, this,                       //
      MHD_OPTION_NOTIFY_COMPLETED, &Callbacks::on_completed, this,                         //
      MHD_OPTION_ARRAY, tls.data(),                                                        //
      MHD_OPTION_END);
  if (daemon_ == nullptr) {
    throw std::runtime_error(std::string("the HTTP server did not start: ") + std::strerror(errno));
  }
}

HttpServer::~HttpServer() {
  answers_.stop();  // Resumes every connection, as MHD_stop_daemon() requires.
  const auto until = std::chrono::steady_clock::now() + kStopPatience;
  {
    const MutexLock lock(mutex_);
    while (in_progress_ != 0 && changed_.wait_until(mutex_, until)) {
    }
  }
  MHD_stop_daemon(daemon_);
}

void HttpServer::finished_one() {
  const MutexLock lock(mutex_);
  --in_progress_;
  changed_.notify_all();
}

}  // namespace ccbus::operations
