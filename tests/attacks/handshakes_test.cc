// Those who have no key, or a wrong one: nothing of what they send arrives.
#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "ccbus/client/client.h"
#include "ccbus/curve/certificate.h"
#include "tests/support/dealer.h"
#include "tests/support/key_ring.h"
#include "tests/support/service_process.h"
#include "zmq.hpp"

namespace ccbus::test {
namespace {

using namespace std::chrono_literals;

constexpr int kTimes = 1'000;
constexpr int kAtOnce = 50;  // Connections of one round.

std::vector<std::string> with(std::vector<std::string> settings, const std::string& setting) {
  settings.push_back(setting);
  return settings;
}

// Connects so many times with what `prepare` sets on the socket, sends a REGISTER or a request at
// once, and waits until libzmq has given the connection up. Returns how many were answered.
int attack(const std::string& endpoint, const std::string& first_message, int times,
           const std::function<void(zmq::socket_t&, int)>& prepare) {
  zmq::context_t context;
  int answered = 0;
  for (int done = 0; done < times; done += kAtOnce) {
    std::vector<std::unique_ptr<zmq::socket_t>> sockets;
    std::vector<std::unique_ptr<zmq::socket_t>> monitors;
    for (int i = 0; i < kAtOnce; ++i) {
      auto& socket =
          sockets.emplace_back(std::make_unique<zmq::socket_t>(context, zmq::socket_type::dealer));
      socket->set(zmq::sockopt::linger, 0);
      socket->set(zmq::sockopt::reconnect_ivl, -1);
      prepare(*socket, done + i);
      const std::string monitor = "inproc://attack-" + std::to_string(done + i);
      REQUIRE(zmq_socket_monitor(socket->handle(), monitor.c_str(), ZMQ_EVENT_DISCONNECTED) == 0);
      auto& events =
          monitors.emplace_back(std::make_unique<zmq::socket_t>(context, zmq::socket_type::pair));
      events->set(zmq::sockopt::rcvtimeo, 10'000);
      events->connect(monitor);
      socket->connect(endpoint);
      socket->send(zmq::buffer(first_message), zmq::send_flags::dontwait);
    }
    for (auto& events : monitors) {
      zmq::message_t event;
      REQUIRE(events->recv(event));
    }
    for (auto& socket : sockets) {
      zmq::message_t answer;
      if (socket->recv(answer, zmq::recv_flags::dontwait)) ++answered;
      zmq_socket_monitor(socket->handle(), nullptr, 0);
    }
  }
  return answered;
}

std::string status_request() {
  ccbus::ClientRequest request;
  request.set_correlation_id(1);
  request.mutable_status();
  return request.SerializeAsString();
}

void use(zmq::socket_t& socket, const curve::Keys& keys) {
  socket.set(zmq::sockopt::curve_serverkey, keys.server_key);
  socket.set(zmq::sockopt::curve_publickey, keys.public_key);
  socket.set(zmq::sockopt::curve_secretkey, keys.secret_key);
}

curve::Keys fresh(const std::string& server_key) {
  const auto made = curve::generate();
  return {server_key, made.public_key, made.secret_key};
}

struct Attack {
  std::string name;
  std::string counter;  // That counts it, unless libzmq's other side has hung up first.
  std::function<void(zmq::socket_t&, int)> prepare;
};

TEST_CASE("Whoever has no right key is neither heard nor answered, at both endpoints",
          "[attacks][issue-16]") {
  KeyRing ring;
  const curve::Keys admin = ring.allow("admin", {{"rights", "all"}, {"channels", "*"}});
  const curve::Keys allowed = ring.allow("app", {{"rights", "all"}, {"register", "*"}});
  const curve::Keys expired = ring.allow(
      "expired", {{"rights", "all"}, {"register", "*"}, {"expires", "2020-01-01T00:00:00Z"}});
  const curve::Keys revoked = ring.make("revoked");
  ServiceProcess service(ring.settings());

  const std::vector<Attack> attacks = {
      {"an unknown key, another one each time", "bus_handshakes_unknown_key",
       [&](zmq::socket_t& socket, int) { use(socket, fresh(admin.server_key)); }},
      {"a key that is not in the directory any more", "bus_handshakes_unknown_key",
       [&](zmq::socket_t& socket, int) { use(socket, revoked); }},
      {"an expired key", "bus_handshakes_expired_key",
       [&](zmq::socket_t& socket, int) { use(socket, expired); }},
      {"another server key", "bus_handshakes_other_server_key",
       [&](zmq::socket_t& socket, int) {
         curve::Keys keys = allowed;
         keys.server_key = curve::generate().public_key;
         use(socket, keys);
       }},
      {"NULL", "bus_handshakes_other_mechanism", [](zmq::socket_t&, int) {}},
      {"PLAIN", "bus_handshakes_other_mechanism",
       [](zmq::socket_t& socket, int i) {
         socket.set(zmq::sockopt::plain_username, "admin" + std::to_string(i));
         socket.set(zmq::sockopt::plain_password, "admin");
       }},
  };
  client::Options options;
  options.endpoint = service.client_endpoint();
  options.keys = admin;
  client::Client observer(options);
  const auto counters = [&observer] {
    const client::Reply reply = observer.status(10s);
    REQUIRE(reply.error.ok());
    return reply.response.service_status();
  };
  for (const auto& [endpoint, message] :
       {std::pair(service.client_endpoint(), status_request()),
        std::pair(service.chaincode_endpoint(), registration("basic").SerializeAsString())}) {
    for (const Attack& one : attacks) {
      INFO(one.name << " at " << endpoint);
      const auto before = counters();
      CHECK(attack(endpoint, message, kTimes, one.prepare) == 0);
      const auto after = counters();
      const auto more = [&](const std::string& counter) {
        return after.counters().at(counter) - before.counters().at(counter);
      };
      CHECK(more(one.counter) > 0);
      CHECK(more(one.counter) + more("bus_handshakes_failed") >= kTimes);
      CHECK(after.chaincodes_size() == 0);
    }
  }
  CHECK(counters().counters().at("chaincode_streams_started") == 0);
}

// The peak of a process's memory so far, in KiB.
std::uint64_t peak_kib(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::stoull(line.substr(6));
  }
  return 0;
}

// CCBUS_ATTACK_HANDSHAKES asks for more of them.
int handshakes() {
  const char* const asked = std::getenv("CCBUS_ATTACK_HANDSHAKES");
  return asked == nullptr ? 5'000 : std::atoi(asked);
}

// A client that asks for the status again and again, on a thread of its own.
class Regular {
 public:
  explicit Regular(const client::Options& options)
      : thread_([this, options](const std::stop_token& stop) {
          client::Client client(options);
          while (!stop.stop_requested()) {
            const auto start = std::chrono::steady_clock::now();
            const bool is_served = client.status(10s).error.ok();
            const std::chrono::duration<double, std::micro> took =
                std::chrono::steady_clock::now() - start;
            const std::lock_guard lock(mutex_);
            if (!is_served) ++failures_;
            latencies_us_.push_back(took.count());
            changed_.notify_all();
          }
        }) {}

  struct Latencies {
    std::size_t requests = 0;
    double p50_us = 0;
    double p99_us = 0;
  };
  // Of the requests since the last call, at least `requests_min`.
  Latencies take(std::size_t requests_min) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return latencies_us_.size() >= requests_min; });
    std::vector<double> sorted = std::exchange(latencies_us_, {});
    std::sort(sorted.begin(), sorted.end());
    return {sorted.size(), sorted[sorted.size() / 2], sorted[sorted.size() * 99 / 100]};
  }
  [[nodiscard]] int failures() {
    const std::lock_guard lock(mutex_);
    return failures_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<double> latencies_us_;
  int failures_ = 0;
  std::jthread thread_;  // Last: it uses the others.
};

std::size_t lines_in(const std::filesystem::path& file) {
  std::ifstream in(file);
  return static_cast<std::size_t>(std::count(std::istreambuf_iterator<char>(in), {}, '\n'));
}

// It prints the latencies of a bystander, which are a measurement with
// CCBUS_ATTACK_HANDSHAKES=100000 (docs/performance.md); nothing is asserted of them.
TEST_CASE("A crowd of unknown keys costs no memory, fills no log, and who is connected is served",
          "[attacks][issue-16]") {
  constexpr std::uint64_t kGrowthKib = 16u << 10;
  constexpr std::size_t kLinesOfTenSeconds = 40;
  const TemporaryDirectory directory;
  const auto log = directory.path() / "log";
  KeyRing ring;
  const curve::Keys app = ring.allow("app", {{"rights", "client"}, {"channels", "*"}});
  // Its log is its standard error; and the variable is not one of its configuration.
  ServiceProcess service(
      with(ring.settings(), "logging.level=warn"),
      {"/bin/sh", "-c", "unset CCBUS_ATTACK_HANDSHAKES; exec \"$0\" \"$@\" 2>" + log.string()});
  client::Options options;
  options.endpoint = service.client_endpoint();
  options.keys = app;
  Regular bystander(options);

  const std::string message = status_request();
  const auto crowd = [&](int times) {
    return attack(service.client_endpoint(), message, times,
                  [&](zmq::socket_t& socket, int) { use(socket, fresh(app.server_key)); });
  };
  CHECK(crowd(1'000) == 0);
  const std::uint64_t before = peak_kib(service.pid());
  REQUIRE(before > 0);
  static_cast<void>(bystander.take(1));
  const auto quiet = bystander.take(static_cast<std::size_t>(handshakes()) * 2 / 5);
  const auto start = std::chrono::steady_clock::now();
  CHECK(crowd(handshakes()) == 0);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  const auto beside = bystander.take(1);
  const std::uint64_t after = peak_kib(service.pid());
  CHECK(bystander.failures() == 0);
  CHECK(after < before + kGrowthKib);
  const std::size_t lines = lines_in(log);
  CHECK(lines > 0);
  CHECK(static_cast<double>(lines) < kLinesOfTenSeconds * (2 + took.count() / 10));
  std::printf(
      "%d handshakes in %.1f s; a bystander's requests without them %zu, p50 %.0f us, p99 %.0f us; "
      "beside them %zu, p50 %.0f us, p99 %.0f us: p99 x %.2f; memory %+lld KiB; %zu lines of log\n",
      handshakes(), took.count(), quiet.requests, quiet.p50_us, quiet.p99_us, beside.requests,
      beside.p50_us, beside.p99_us, beside.p99_us / quiet.p99_us,
      static_cast<long long>(after) - static_cast<long long>(before), lines);
}

}  // namespace
}  // namespace ccbus::test
