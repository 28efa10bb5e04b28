// The operations endpoint of the real service under many connections, and its PUT from other sites.
#include <httplib.h>

#include <catch2/catch.hpp>
#include <string>

#include "tests/support/checkout.h"
#include "tests/support/process.h"
#include "tests/support/service_process.h"
#include "tests/support/tcp_crowd.h"

namespace ccbus::test {
namespace {

using namespace std::chrono_literals;

int healthcheck(const ServiceProcess& service) {
  Process process(
      {test::built_program("ccbus"), "healthcheck", "--address", service.operations_url()});
  return process.wait(20s);
}

TEST_CASE("ccbus healthcheck answers under a thousand idle connections of the same address",
          "[e2e][issue-13]") {
  const ServiceProcess service({"operations.listenAddress=127.0.0.1:0"});
  const std::uint16_t port = port_of(service.operations_url());
  const auto idle = tcp_crowd(1'000, port, "");
  CHECK(healthcheck(service) == 0);
  const auto slow = tcp_crowd(1'000, port, "GET /hea");
  CHECK(healthcheck(service) == 0);
  httplib::Client client(service.operations_url());
  const auto metrics = client.Get("/metrics");
  REQUIRE(metrics);
  const auto at = metrics->body.find("\nprocess_open_fds ");
  REQUIRE(at != std::string::npos);
  CHECK(std::stod(metrics->body.substr(at + 18)) < 400);  // 256 connections, and its own.
}

TEST_CASE("the log level is not set by a page of another site", "[e2e][issue-13]") {
  const ServiceProcess service(
      {"operations.listenAddress=127.0.0.1:0", "operations.hosts=ops.example.com"});
  httplib::Client client(service.operations_url());
  const auto status = [&](const httplib::Headers& headers) {
    const auto answer = client.Put("/logspec", headers, R"({"spec":"error"})", "application/json");
    return answer ? answer->status : -1;
  };
  CHECK(status({{"Host", "evil.example"}}) == 403);
  CHECK(status({{"Origin", "http://evil.example"}}) == 403);
  CHECK(status({{"Host", "ops.example.com:9443"}}) == 204);
  CHECK(status({}) == 204);
}

TEST_CASE("a second service on the same operations port is told the address and the reason",
          "[e2e][issue-13]") {
  const ServiceProcess service({"operations.listenAddress=127.0.0.1:0"});
  const std::string taken = service.operations_url().substr(std::string("http://").size());
  Process second({"/bin/sh", "-c",
                  "exec " + test::built_program("ccbusd") +
                      " --set ledger.directory=:memory: --set peer.listenAddress=127.0.0.1:0 "
                      "--set peer.chaincodeListenAddress=127.0.0.1:0 --set "
                      "operations.listenAddress=" +
                      taken + " 2>&1"});
  const std::string line = second.read_line(20s);
  CHECK_THAT(line, Catch::Contains(taken) && Catch::Contains("operations.listenAddress") &&
                       Catch::Contains("Address already in use"));
  CHECK(second.wait(20s) == 1);
}

}  // namespace
}  // namespace ccbus::test
