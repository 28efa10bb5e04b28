// The interface to systemd: READY=1, a watchdog, a reload by SIGHUP.
#include <httplib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/support/checkout.h"
#include "tests/support/process.h"
#include "tests/support/service_process.h"

namespace ccbus::test {
namespace {

using namespace std::chrono_literals;

// The notification socket, on which systemd would listen.
class Supervisor {
 public:
  Supervisor() : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path().c_str(), sizeof address.sun_path - 1);
    REQUIRE(bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    const timeval patience{20, 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  }
  ~Supervisor() { close(socket_); }
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;

  [[nodiscard]] std::string path() const { return (directory_.path() / "notify").string(); }

  // Returns the next notification; empty if there was none for twenty seconds.
  [[nodiscard]] std::string next() const {
    char text[256];
    const ssize_t size = recv(socket_, text, sizeof text, 0);
    return size > 0 ? std::string(text, static_cast<std::size_t>(size)) : "";
  }

  // Returns the next notification that is not for the watchdog.
  [[nodiscard]] std::string next_state() const {
    std::string state = next();
    while (state == "WATCHDOG=1") state = next();
    return state;
  }

 private:
  TemporaryDirectory directory_;
  const int socket_;
};

TEST_CASE("systemd is told of the start, of every half watchdog time, and of the stop",
          "[e2e][issue-5]") {
  const Supervisor systemd;
  ServiceProcess service(
      {}, {"/usr/bin/env", "NOTIFY_SOCKET=" + systemd.path(), "WATCHDOG_USEC=200000"});
  CHECK(systemd.next_state() == "READY=1");
  CHECK(systemd.next() == "WATCHDOG=1");
  CHECK(systemd.next() == "WATCHDOG=1");
  CHECK(service.stop() == 0);
  CHECK(systemd.next_state() == "STOPPING=1");
}

TEST_CASE("SIGHUP reads the file again: the log level changes, a wrong file changes nothing",
          "[e2e][issue-5]") {
  const TemporaryDirectory directory;
  const auto file = directory.path() / "ccbus.yaml";
  const auto write = [&](const std::string& level) {
    std::ofstream(file) << "logging:\n  level: " << level << "\n";
  };
  write("warn");
  Process service({test::built_program("ccbusd"), "--json", "--config", file.string(), "--set",
                   "ledger.directory=:memory:", "--set", "peer.listenAddress=127.0.0.1:0", "--set",
                   "peer.chaincodeListenAddress=127.0.0.1:0", "--set",
                   "operations.listenAddress=127.0.0.1:0"});
  const auto ready = nlohmann::json::parse(service.read_line(30s));
  httplib::Client operations(ready.at("operations_endpoint").get<std::string>());
  const auto spec = [&] {
    const auto answer = operations.Get("/logspec");
    REQUIRE(answer);
    return nlohmann::json::parse(answer->body).at("spec").get<std::string>();
  };
  CHECK(spec() == "warn");

  write("loud");
  service.signal(
      SIGHUP);  // Refused. Signals of one kind may merge, so the next one is sent until it is seen.
  write("error");
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  while (spec() != "error") {
    REQUIRE(std::chrono::steady_clock::now() < deadline);
    service.signal(SIGHUP);
  }
  const auto configuration = operations.Get("/configz");
  REQUIRE(configuration);
  for (const auto& entry : nlohmann::json::parse(configuration->body)) {
    if (entry.at("key") == "logging.level") CHECK(entry.at("value") == "error");
  }
  service.signal(SIGTERM);
  CHECK(service.wait(20s) == 0);
}

}  // namespace
}  // namespace ccbus::test
