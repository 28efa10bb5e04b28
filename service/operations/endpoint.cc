#include "service/operations/endpoint.h"

#include <httplib.h>

#include <charconv>
#include <chrono>
#include <cstddef>
#include <ctime>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <utility>

#include "service/operations/status_json.h"

namespace ccbus::operations {
namespace {

using nlohmann::json;

constexpr int kOk = 200;
constexpr int kNoContent = 204;
constexpr int kBadRequest = 400;
constexpr int kUnavailable = 503;
constexpr std::chrono::seconds kSocketTimeout{2};  // For a client that neither writes nor reads.
constexpr std::size_t kBodyMax = 4096;             // The only body is that of PUT /logspec.
constexpr std::size_t kPageMax = 10'000;

// Makes the thread that accepts connections also answer them.
class SameThread final : public httplib::TaskQueue {
 public:
  void enqueue(std::function<void()> answer) override { answer(); }
  void shutdown() override {}
};

std::string rfc3339_now() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm utc{};
  gmtime_r(&now, &utc);
  char text[sizeof "2026-01-01T00:00:00Z"];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
  return text;
}

void answer(httplib::Response& response, int status, const json& body) {
  response.status = status;
  // An error text may quote what a client sent, which may not be valid UTF-8.
  response.set_content(body.dump(-1, ' ', false, json::error_handler_t::replace) + "\n",
                       "application/json");
}

void refuse(httplib::Response& response, int status, const std::string& why) {
  answer(response, status, {{"error", why}});
}

struct HostAndPort {
  std::string host;
  int port = 0;
};

HostAndPort split(const std::string& address) {
  const auto colon = address.rfind(':');
  HostAndPort parts;
  if (colon == std::string::npos) throw std::runtime_error(address + ": host:port is wanted");
  const char* end = address.data() + address.size();
  const auto [stop, error] = std::from_chars(address.data() + colon + 1, end, parts.port);
  if (error != std::errc{} || stop != end || parts.port < 0 || parts.port > 65'535) {
    throw std::runtime_error(address + ": the port is a number from 0 to 65535");
  }
  parts.host = address.substr(0, colon);
  if (parts.host.starts_with('[') && parts.host.ends_with(']')) {
    parts.host = parts.host.substr(1, parts.host.size() - 2);
  }
  return parts;
}

// Returns the parameter as a number from `min` to `max`, or `default_value` if it is absent.
Result<std::size_t> number_parameter(const httplib::Request& request, const char* name,
                                     std::size_t min, std::size_t max, std::size_t default_value) {
  if (!request.has_param(name)) return default_value;
  const std::string text = request.get_param_value(name);
  std::size_t count = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{} || stop != text.data() + text.size() || count < min || count > max) {
    return fail(ErrorCode::kInvalid, std::string(name) + " is '" + text + "', not a number from " +
                                         std::to_string(min) + " to " + std::to_string(max));
  }
  return count;
}

}  // namespace

Endpoint::Endpoint(Options options, Watched& watched, Logger& logger)
    : options_(std::move(options)),
      watched_(watched),
      logger_(logger),
      server_(std::make_unique<httplib::Server>()) {
  const auto [host, port] = split(options_.address);
  server_->new_task_queue = [] { return new SameThread; };  // The server owns it.
  server_->set_keep_alive_max_count(1);
  server_->set_read_timeout(kSocketTimeout);
  server_->set_write_timeout(kSocketTimeout);
  server_->set_payload_max_length(kBodyMax);
  // Without SO_REUSEPORT, which httplib sets: two services must not share one port.
  server_->set_socket_options([](int socket) {
    const int yes = 1;
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  });
  route();
  const int bound =
      port == 0 ? server_->bind_to_any_port(host) : (server_->bind_to_port(host, port) ? port : -1);
  if (bound < 0) {
    throw std::runtime_error("cannot listen on " + options_.address +
                             " (operations.listenAddress): is it this machine's, and free?");
  }
  url_ = "http://" + options_.address.substr(0, options_.address.rfind(':')) + ":" +
         std::to_string(bound);
  thread_ = std::thread([this] {
    if (!server_->listen_after_bind()) logger_.error("operations.ended url={}", url_);
  });
}

Endpoint::~Endpoint() {
  while (!server_->is_running()) std::this_thread::yield();  // Before that stop() has no effect.
  server_->stop();
  thread_.join();
}

void Endpoint::route() {
  server_->Get("/healthz", [this](const auto&, auto& response) { healthz(response); });
  server_->Get("/metrics", [this](const auto&, auto& response) {
    Exposition metrics;
    watched_.collect(metrics);
    response.set_content(metrics.text(), "text/plain; version=0.0.4; charset=utf-8");
  });
  server_->Get("/logspec", [this](const auto&, auto& response) {
    answer(response, kOk, {{"spec", watched_.log_level()}});
  });
  server_->Put("/logspec",
               [this](const auto& request, auto& response) { set_logspec(request, response); });
  server_->Get("/version", [this](const auto&, auto& response) {
    answer(response, kOk, {{"CommitSHA", options_.commit}, {"Version", options_.version}});
  });
  server_->Get("/varz", [this](const auto&, auto& response) { varz(response); });
  server_->Get("/connz", [this](const auto& request, auto& response) { connz(request, response); });
  server_->Get("/configz", [this](const auto&, auto& response) { configz(response); });
}

void Endpoint::healthz(httplib::Response& response) {
  const std::vector<FailedCheck> failed = watched_.failed_checks();
  json body = {{"status", failed.empty() ? "OK" : "Service Unavailable"}, {"time", rfc3339_now()}};
  for (const FailedCheck& check : failed) {
    body["failed_checks"].push_back({{"component", check.component}, {"reason", check.reason}});
  }
  answer(response, failed.empty() ? kOk : kUnavailable, body);
}

void Endpoint::set_logspec(const httplib::Request& request, httplib::Response& response) {
  const json body = json::parse(request.body, nullptr, false);
  if (!body.is_object() || !body.contains("spec") || !body["spec"].is_string()) {
    return refuse(response, kBadRequest, R"(the body is not {"spec":"<level>"})");
  }
  const auto spec = body["spec"].get<std::string>();
  if (auto set = watched_.set_log_level(spec); !set) {
    return refuse(response, kBadRequest, set.error().message);
  }
  logger_.info("log.level spec={}", spec);
  response.status = kNoContent;
}

void Endpoint::varz(httplib::Response& response) {
  const auto status = watched_.status();
  if (!status) return refuse(response, kUnavailable, status.error().message);
  answer(response, kOk, varz_json(*status));
}

void Endpoint::connz(const httplib::Request& request, httplib::Response& response) {
  Page page;
  const auto offset = number_parameter(request, "offset", 0, 1'000'000'000, page.offset);
  const auto limit = number_parameter(request, "limit", 1, kPageMax, page.limit);
  if (!offset) return refuse(response, kBadRequest, offset.error().message);
  if (!limit) return refuse(response, kBadRequest, limit.error().message);
  page = {*offset, *limit};
  const auto connections = watched_.connections(page);
  if (!connections) return refuse(response, kUnavailable, connections.error().message);
  answer(response, kOk, connections_json(*connections, page));
}

// Shows the configuration as it was loaded, except for the log level, which may have changed since.
void Endpoint::configz(httplib::Response& response) {
  std::vector<ConfigEntry> entries = options_.configuration;
  const std::string level = watched_.log_level();
  for (ConfigEntry& entry : entries) {
    if (entry.key != kLogLevelKey || entry.value == level) continue;
    entry.value = level;
    entry.origin = "set while it runs: SIGHUP or /logspec";
  }
  response.set_content(entries_json(entries) + "\n", "application/json");
}

}  // namespace ccbus::operations
