// A service that the system allows few descriptors, under a crowd of connections.
#include <httplib.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "tests/support/bystander.h"
#include "tests/support/process.h"
#include "tests/support/service_process.h"
#include "tests/support/tcp_crowd.h"

namespace ccbus::test {
namespace {

using Catch::Matchers::Contains;
using namespace std::chrono_literals;

constexpr int kDescriptors = 300;

// Returns what /healthz says; asks until it says what is expected, for at most twenty seconds.
std::string health_once(const ServiceProcess& service, int expected) {
  httplib::Client client(service.operations_url());
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  auto answer = client.Get("/healthz");
  while ((!answer || answer->status != expected) && std::chrono::steady_clock::now() < deadline) {
    answer = client.Get("/healthz");
  }
  REQUIRE(answer);
  CHECK(answer->status == expected);
  return answer->body;
}

std::size_t descriptors_of(pid_t pid) {
  std::size_t count = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator("/proc/" + std::to_string(pid) + "/fd")) {
    static_cast<void>(entry);
    ++count;
  }
  return count;
}

TEST_CASE("1,500 connections to one endpoint, with 300 descriptors, cost nobody else anything",
          "[e2e][issue-13]") {
  const TemporaryDirectory directory;
  ServiceProcess service(
      {
          "ledger.directory=" + directory.path().string(),
          "operations.listenAddress=127.0.0.1:0",
      },
      {"/usr/bin/prlimit", "--nofile=" + std::to_string(kDescriptors)});
  Bystander bystander(service);
  bystander.check_is_served();
  const bool to_chaincodes = GENERATE(true, false);
  {
    const auto crowd = tcp_crowd(
        1'500, to_chaincodes ? service.chaincode_endpoint() : service.client_endpoint(), "");
    bystander.check_is_served();
    CHECK(descriptors_of(service.pid()) < kDescriptors);
    // Both endpoints take new peers: at the full one a silent connection gives way.
    Bystander newcomer(service);
    newcomer.check_is_served();
    CHECK_THAT(health_once(service, 503),
               Contains(to_chaincodes ? "connections.chaincode" : "connections.clients") &&
                   Contains("LimitNOFILE"));
  }
  health_once(service, 200);
  bystander.check_is_served();
  CHECK(service.stop() == 0);
}

}  // namespace
}  // namespace ccbus::test
