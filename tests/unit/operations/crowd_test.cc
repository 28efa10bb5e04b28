// The operations endpoint under many clients, slow clients, and a service that stands still.
#include <httplib.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <future>
#include <nlohmann/json.hpp>
#include <thread>

#include "service/operations/endpoint.h"
#include "service/operations/service_routes.h"
#include "tests/support/tcp_crowd.h"

namespace ccbus::operations {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using test::port_of;
using test::tcp_crowd;
using test::TcpConnection;

// A service whose /connz stands still until it is released.
class StandingService final : public WatchedConnections {
 public:
  std::vector<FailedCheck> failed_checks() override {
    ++checks;
    return {};
  }
  void collect(Exposition& metrics) override { metrics.gauge("one", "One.", {}, 1); }
  Result<ccbus::StatusResponse> status() override { throw std::bad_alloc(); }
  Result<Connections> connections(Page page) override {
    ++asked;
    released.wait();
    return Connections{page.offset, {}, 0, {}};
  }
  std::string log_level() const override { return "info"; }
  Result<void> set_log_level(std::string_view) override { return {}; }

  std::atomic<int> checks = 0;
  std::atomic<int> asked = 0;
  std::promise<void> release;
  std::shared_future<void> released = release.get_future().share();
};

struct Rig {
  [[nodiscard]] int status_of(const std::string& path) const {
    httplib::Client client(endpoint.url());
    client.set_read_timeout(20s);
    const auto answer = client.Get(path);
    return answer ? answer->status : -1;
  }

  StandingService service;
  std::shared_ptr<Logger> logger = make_silent_logger();
  Endpoint endpoint{{"127.0.0.1:0", "1.2.3", "abc1234", describe(LoadedConfig()), {}},
                    service,
                    *logger,
                    service_routes(service)};
};

TEST_CASE("a thousand idle connections and as many with half a request keep no client out",
          "[operations][issue-13]") {
  const Rig rig;
  const std::uint16_t port = port_of(rig.endpoint.url());
  const auto idle = tcp_crowd(1'000, port, "");
  CHECK(rig.status_of("/healthz") == 200);
  const auto slow = tcp_crowd(1'000, port, "GET /metr");
  const test::SlowTalk talk(slow);  // The idle time closes none of these.
  CHECK(rig.status_of("/healthz") == 200);
  const auto slow_body = tcp_crowd(
      1'000, port, "PUT /logspec HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nx");
  CHECK(rig.status_of("/healthz") == 200);
  CHECK(rig.status_of("/metrics") == 200);
  CHECK(idle.front().ends_within(20'000));  // The oldest have given way.
  CHECK(slow.front().ends_within(20'000));
}

TEST_CASE("an idle connection is closed after its time", "[operations][issue-13]") {
  const Rig rig;
  const TcpConnection idle(port_of(rig.endpoint.url()), "GET /healthz HT");
  CHECK(idle.ends_within(60'000));
}

TEST_CASE("requests that stand still hold up neither the health check nor other paths",
          "[operations][issue-13]") {
  Rig rig;
  // cpp-httplib makes its regular expressions at the first request; ThreadSanitizer would not see
  // that other threads wait for it.
  CHECK(rig.status_of("/healthz") == 200);
  auto first = std::async(std::launch::async, [&] { return rig.status_of("/connz?offset=1"); });
  auto second = std::async(std::launch::async, [&] { return rig.status_of("/connz?offset=2"); });
  while (rig.service.asked < 2) std::this_thread::yield();
  CHECK(rig.status_of("/healthz") == 200);
  CHECK(rig.status_of("/metrics") == 200);
  auto third = std::async(std::launch::async, [&] { return rig.status_of("/connz?offset=3"); });
  while (rig.service.asked < 3) std::this_thread::yield();
  CHECK(rig.status_of("/healthz") == 200);  // All other threads stand now.
  rig.service.release.set_value();
  CHECK(first.get() == 200);
  CHECK(second.get() == 200);
  CHECK(third.get() == 200);
}

TEST_CASE("of many equal requests that wait one is computed, and all are answered",
          "[operations][issue-13]") {
  Rig rig;
  const std::uint16_t port = port_of(rig.endpoint.url());
  std::vector<TcpConnection> crowd;
  for (int offset = 1; offset <= 3; ++offset) {  // Takes the three threads.
    crowd.emplace_back(port, "GET /connz?offset=" + std::to_string(offset) +
                                 " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  }
  while (rig.service.asked < 3) std::this_thread::yield();
  for (int i = 0; i < 100; ++i) {
    crowd.emplace_back(
        port, "GET /connz?offset=7 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  }
  // Whoever comes later is served later: what came before it is queued by now.
  CHECK(rig.status_of("/healthz") == 200);
  rig.service.release.set_value();
  for (const TcpConnection& connection : crowd) {
    CHECK_THAT(connection.read_all(), Catch::StartsWith("HTTP/1.1 200 OK"));
  }
  CHECK(rig.service.asked == 4);
}

TEST_CASE("many requests at once are all answered", "[operations][issue-13]") {
  Rig rig;
  rig.service.release.set_value();
  const std::uint16_t port = port_of(rig.endpoint.url());
  std::vector<TcpConnection> crowd;
  for (int i = 0; i < 150; ++i) {
    const char* path = i % 3 == 0 ? "/healthz" : i % 3 == 1 ? "/metrics" : "/version";
    crowd.emplace_back(port, std::string("GET ") + path +
                                 " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  }
  for (const TcpConnection& connection : crowd) {
    CHECK_THAT(connection.read_all(), Catch::StartsWith("HTTP/1.1 200 OK"));
  }
  CHECK(rig.service.checks > 0);
}

TEST_CASE("more different requests than may wait are refused, not forgotten",
          "[operations][issue-13]") {
  Rig rig;
  const std::uint16_t port = port_of(rig.endpoint.url());
  std::vector<TcpConnection> crowd;
  for (int offset = 0; offset < 104; ++offset) {
    if (offset == 3) {  // All three threads have one; the others have to wait.
      while (rig.service.asked < 3) std::this_thread::yield();
    }
    crowd.emplace_back(port, "GET /connz?offset=" + std::to_string(offset) +
                                 " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  }
  CHECK(rig.status_of("/connz?offset=104") == 503);
  CHECK(rig.status_of("/healthz") == 200);
  rig.service.release.set_value();
  int answered = 0;
  for (const TcpConnection& connection : crowd) {
    const std::string text = connection.read_all();
    CHECK((text.starts_with("HTTP/1.1 200") || text.starts_with("HTTP/1.1 503")));
    if (text.starts_with("HTTP/1.1 200")) ++answered;
  }
  CHECK(answered == 3 + 64);
}

TEST_CASE("a response that cannot be computed is a status of 500, and the next one is served",
          "[operations][issue-13]") {
  const Rig rig;
  CHECK(rig.status_of("/varz") == 500);
  CHECK(rig.status_of("/healthz") == 200);
}

TEST_CASE("the end of the endpoint answers what waits", "[operations][issue-13]") {
  StandingService service;
  const auto logger = make_silent_logger();
  auto endpoint = std::make_unique<Endpoint>(Endpoint::Options{"127.0.0.1:0", "", "", {}, {}},
                                             service, *logger, service_routes(service));
  const std::uint16_t port = port_of(endpoint->url());
  std::vector<TcpConnection> crowd;
  for (int offset = 0; offset < 10; ++offset) {
    crowd.emplace_back(port, "GET /connz?offset=" + std::to_string(offset) +
                                 " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  }
  while (service.asked < 3) std::this_thread::yield();
  REQUIRE(
      httplib::Client(endpoint->url()).Get("/healthz"));  // By now the others wait in the queue.
  auto ended = std::async(std::launch::async, [&] { endpoint.reset(); });
  CHECK_THAT(crowd.back().read_all(), Catch::StartsWith("HTTP/1.1 503"));
  service.release.set_value();
  ended.get();
  for (std::size_t i = 0; i + 1 < crowd.size(); ++i) {
    CHECK_THAT(crowd[i].read_all(), Catch::StartsWith("HTTP/1.1 "));
  }
}

}  // namespace
}  // namespace ccbus::operations
