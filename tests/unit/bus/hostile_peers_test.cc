// Connections that are silent, endless, too many, too slow or gone before they are heard.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cerrno>
#include <memory>
#include <string>
#include <vector>

#include "service/bus/router_endpoint.h"
#include "tests/support/endpoint_rig.h"

namespace ccbus::test {
namespace {

using Catch::Matchers::Contains;
using namespace std::string_literals;

// A TCP connection to an endpoint, whose bytes the test chooses.
class RawConnection {
 public:
  explicit RawConnection(const std::string& endpoint) {
    const auto port =
        static_cast<std::uint16_t>(std::stoi(endpoint.substr(endpoint.rfind(':') + 1)));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  }
  ~RawConnection() { close(descriptor_); }
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;

  // Returns how many of the bytes the kernel took; -1 if none.
  ssize_t try_send(std::string_view bytes) {
    return ::send(descriptor_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  }

  // Whether the other side has ended the connection; drops what it has sent before.
  [[nodiscard]] bool was_ended() {
    char bytes[256];
    ssize_t got = 0;
    do {
      got = recv(descriptor_, bytes, sizeof bytes, MSG_DONTWAIT);
    } while (got > 0);
    return got == 0 || errno == ECONNRESET;
  }

  // The greeting and handshake of a DEALER without security, ZMTP 3.0.
  void shake_hands() {
    const std::string greeting =
        "\xff\0\0\0\0\0\0\0\0\x7f\x03\0"s + "NULL"s + std::string(16 + 1 + 31, '\0');
    const std::string metadata =
        "\x05READY\x0bSocket-Type\0\0\0\x06"
        "DEALER"s;
    const std::string ready = "\x04"s + static_cast<char>(metadata.size()) + metadata;
    REQUIRE(try_send(greeting + ready) > 0);
  }

 private:
  const int descriptor_ = socket(AF_INET, SOCK_STREAM, 0);
};

// A peer of which libzmq takes one message ahead of those that the test receives.
std::unique_ptr<zmq::socket_t> slow_reader(EndpointRig& rig) {
  auto socket = std::make_unique<zmq::socket_t>(rig.context, zmq::socket_type::dealer);
  socket->set(zmq::sockopt::linger, 0);
  socket->set(zmq::sockopt::rcvtimeo, 10'000);
  socket->set(zmq::sockopt::rcvhwm, 1);
  socket->connect(rig.endpoint->address());
  return socket;
}

PeerId greet(EndpointRig& rig, zmq::socket_t& dealer) {
  const std::size_t before = rig.recorder.messages.size();
  dealer.send(zmq::str_buffer("hello"));
  rig.until([&] { return rig.recorder.messages.size() > before; });
  return rig.recorder.messages.back().first;
}

}  // namespace

TEST_CASE("a message without an end costs its sender the connection", "[bus]") {
  EndpointRig rig([](auto& options) { options.received_bytes_max = 1 << 20; });
  const auto bystander = rig.dealer();
  const PeerId other = greet(rig, *bystander);
  RawConnection endless(rig.endpoint->address());
  endless.shake_hands();
  const std::size_t part_bytes = GENERATE(1u, 1u << 20);
  const std::string header = part_bytes == 1 ? "\x01\x01"s : "\x03\0\0\0\0\0\x10\0\0"s;
  std::string parts;
  while (parts.size() < 1 << 20) parts += header + std::string(part_bytes, 'x');
  std::size_t sent = 0;
  rig.until([&] {
    const ssize_t taken = endless.try_send(std::string_view(parts).substr(sent % parts.size()));
    if (taken > 0) sent += static_cast<std::size_t>(taken);
    return rig.counters.get(Counter::kConnectionsCut) > 0;
  });
  CHECK(rig.recorder.messages.size() == 1);
  REQUIRE(rig.endpoint->send(other, zmq::message_t("on"s)));
  rig.endpoint->flush(Now::read());
  CHECK(text_of(*bystander) == "on");
  rig.until([&] { return endless.was_ended(); });
}

TEST_CASE("many large messages are no message without an end", "[bus]") {
  EndpointRig rig([](auto& options) { options.received_bytes_max = 100'000; });
  const auto dealer = rig.dealer();
  const std::string large(90'000, 'x');
  for (int i = 0; i < 500; ++i) {
    dealer->send(zmq::buffer(large));
    if (i % 5 == 0) rig.until([&] { return rig.recorder.messages.size() >= std::size_t(i); });
  }
  rig.until([&] { return rig.recorder.messages.size() == 500; });
  for (int i = 0; i < 20'000; ++i) dealer->send(zmq::str_buffer("s"));
  rig.until([&] { return rig.recorder.messages.size() == 20'500; });
  rig.endpoint->look(Now::read());
  CHECK(rig.counters.get(Counter::kConnectionsCut) == 0);
}

TEST_CASE("a connection that says nothing is ended in time", "[bus]") {
  EndpointRig rig([](auto& options) { options.first_message = 200ms; });
  const auto speaks = rig.dealer();
  greet(rig, *speaks);
  RawConnection silent(rig.endpoint->address());
  SECTION("before the handshake") {}
  SECTION("after the handshake") {
    silent.shake_hands();
  }
  rig.until([&] { return rig.counters.get(Counter::kConnectionsCut) > 0; });
  rig.until([&] { return silent.was_ended(); });
  CHECK(rig.endpoint->peers() == 1);
  CHECK(rig.counters.get(Counter::kConnectionsCut) == 1);
}

TEST_CASE("a connection beyond the limit is ended after its refusal", "[bus]") {
  EndpointRig rig([](auto& options) { options.peers_max = 1; });
  const auto in = rig.dealer();
  greet(rig, *in);
  const auto out = rig.dealer();
  out->send(zmq::str_buffer("out"));
  rig.until([&] { return !rig.recorder.gone.empty(); });
  CHECK(rig.recorder.malformed.size() == 1);
  CHECK(rig.endpoint->peers() == 1);
}

TEST_CASE("the descriptor of the monitor tells of the very first connection", "[bus]") {
  EndpointRig rig;
  RawConnection silent(rig.endpoint->address());
  zmq::pollitem_t item{nullptr, rig.endpoint->monitor_descriptor(), ZMQ_POLLIN, 0};
  CHECK(zmq::poll(&item, 1, 10s) == 1);
  rig.endpoint->drain_monitor(Now::read());
  CHECK(rig.endpoint->connections() == 1);
}

TEST_CASE("a connection that never says anything useful is ended in time", "[bus]") {
  EndpointRig rig([](auto& options) { options.first_message = 200ms; });
  const auto dealer = rig.dealer();
  const PeerId peer = greet(rig, *dealer);
  const auto useful = rig.dealer();
  greet(rig, *useful);
  rig.recorder.useless = {peer};
  rig.until([&] {
    dealer->send(zmq::str_buffer("again"));
    return !rig.recorder.gone.empty();
  });
  CHECK(rig.recorder.gone.front() == peer);
  CHECK(rig.counters.get(Counter::kConnectionsCut) == 1);
}

TEST_CASE("beyond the limit of connections the one that has been silent longest gives way",
          "[bus]") {
  EndpointRig rig([](auto& options) { options.connections_max = 3; });
  const auto speaks = rig.dealer();
  greet(rig, *speaks);
  RawConnection first(rig.endpoint->address());
  rig.until([&] { return rig.endpoint->connections() == 2; });
  RawConnection second(rig.endpoint->address());
  rig.until([&] { return rig.endpoint->connections() == 3; });
  CHECK_FALSE(rig.endpoint->is_full());
  const auto last = rig.dealer();
  greet(rig, *last);
  rig.until([&] { return first.was_ended(); });
  CHECK(rig.endpoint->is_full());
  CHECK_FALSE(second.was_ended());
  CHECK(rig.endpoint->peers() == 2);
}

TEST_CASE("when all have spoken, the newest connection gives way", "[bus]") {
  EndpointRig rig([](auto& options) { options.connections_max = 2; });
  const auto first = rig.dealer();
  greet(rig, *first);
  const auto second = rig.dealer();
  greet(rig, *second);
  {
    RawConnection third(rig.endpoint->address());
    rig.until([&] { return third.was_ended(); });
  }
  CHECK(rig.endpoint->peers() == 2);
  CHECK(rig.endpoint->is_full());
}

TEST_CASE("an endpoint is full until it has clearly fewer connections", "[bus]") {
  EndpointRig rig([](auto& options) { options.peers_max = 2; });
  const auto first = rig.dealer();
  greet(rig, *first);
  auto second = rig.dealer();
  greet(rig, *second);
  const auto third = rig.dealer();
  third->send(zmq::str_buffer("third"));
  rig.until([&] { return rig.endpoint->is_full(); });
  third->close();
  rig.until([&] { return rig.endpoint->connections() == 2; });
  rig.endpoint->look(Now::read());
  CHECK(rig.endpoint->is_full());
  second->close();
  rig.until([&] { return !rig.endpoint->is_full(); });
  CHECK(rig.endpoint->connections() == 1);
}

TEST_CASE("endpoints that share a limit leave each other room", "[bus]") {
  bus::SharedConnections shared{.peers_max = 3, .open_max = 3};
  EndpointRig rig([&](auto& options) {
    options.shared_connections = &shared;
    options.connections_max = 2;
  });
  EndpointRig other([&](auto& options) {
    options.shared_connections = &shared;
    options.connections_max = 2;
  });
  const auto mine = rig.dealer();
  greet(rig, *mine);
  const auto mine_too = rig.dealer();
  greet(rig, *mine_too);
  RawConnection refused(rig.endpoint->address());
  rig.until([&] { return refused.was_ended(); });
  const auto theirs = other.dealer();
  greet(other, *theirs);
  CHECK(shared.open == 3);
  RawConnection refused_too(other.endpoint->address());
  other.until([&] { return refused_too.was_ended(); });
  mine_too->close();
  rig.until([&] { return shared.open == 2; });
  const auto theirs_too = other.dealer();
  greet(other, *theirs_too);
  CHECK(other.endpoint->peers() == 2);
}

TEST_CASE("a connection is cut even when the process has no descriptor left", "[bus]") {
  EndpointRig rig;
  {
    // Once with descriptors: UBSan needs one to look at the first object of a type.
    const auto earlier = rig.dealer();
    rig.endpoint->cut(greet(rig, *earlier), "a test");
    rig.until([&] { return !rig.recorder.gone.empty(); });
  }
  rig.recorder.gone.clear();
  const auto dealer = rig.dealer();
  const PeerId peer = greet(rig, *dealer);
  std::vector<int> taken;
  for (int next = 0; (next = dup(0)) >= 0;) taken.push_back(next);
  rig.endpoint->cut(peer, "a test");
  rig.until([&] { return !rig.recorder.gone.empty(); });
  for (const int descriptor : taken) close(descriptor);
  CHECK(rig.recorder.gone == std::vector{peer});
}

TEST_CASE("large frames count until they are on the wire, and are given back", "[bus]") {
  EndpointRig rig([](auto& options) { options.backlog_bytes_max = 64u << 20; });
  const auto dealer = slow_reader(rig);
  const PeerId peer = greet(rig, *dealer);
  const std::string large(1 << 20, 'x');
  int accepted = 0;
  Result<void> sent;
  do {
    sent = rig.endpoint->send(peer, zmq::message_t(large));
    rig.endpoint->flush(Now::read());
    if (sent) ++accepted;
  } while (sent && accepted < 1'000);
  REQUIRE_FALSE(sent);
  CHECK(sent.error().code == ErrorCode::kExhausted);
  CHECK_FALSE(rig.endpoint->has_backlog());  // All of it is with libzmq.
  CHECK(rig.endpoint->report(peer)->queued.bytes > 63u << 20);
  for (int i = 0; i < accepted; ++i) CHECK(text_of(*dealer).size() == large.size());
  rig.until([&] { return rig.endpoint->report(peer)->queued.bytes == 0; });
  CHECK(rig.endpoint->send(peer, zmq::message_t(large)));
}

TEST_CASE("at the limit of all peers the one that reads slowest is ended", "[bus]") {
  EndpointRig rig([](auto& options) { options.backlog_total_max = 64u << 20; });
  const auto slow = slow_reader(rig);
  const PeerId slow_peer = greet(rig, *slow);
  const auto other = rig.dealer();
  const PeerId other_peer = greet(rig, *other);
  const std::string large(1 << 20, 'x');
  for (int i = 0; i < 200 && rig.counters.get(Counter::kConnectionsCut) == 0; ++i) {
    REQUIRE(rig.endpoint->send(slow_peer, zmq::message_t(large)));
    rig.endpoint->flush(Now::read());
  }
  CHECK(rig.counters.get(Counter::kConnectionsCut) == 1);
  REQUIRE(rig.endpoint->send(other_peer, zmq::message_t(large)));
  rig.until([&] { return !rig.recorder.gone.empty(); });
  CHECK(rig.recorder.gone == std::vector{slow_peer});
  CHECK(text_of(*other).size() == large.size());
  rig.until([&] { return rig.endpoint->report(other_peer)->queued.bytes == 0; });
}

TEST_CASE("a peer that leaves at once leaves nothing behind", "[bus]") {
  const bool handles = GENERATE(true, false);
  EndpointRig rig([&](auto& options) { options.handles_last_messages = handles; });
  constexpr std::size_t kPeers = 200;
  for (std::size_t i = 0; i < kPeers; ++i) {
    auto dealer = rig.dealer();
    dealer->set(zmq::sockopt::linger, 1'000);
    dealer->send(zmq::str_buffer("bye"));
    dealer.reset();
    if (i % 3 == 0) rig.until([] { return true; });
  }
  const auto settled = [&] {
    const std::size_t late = rig.counters.get(Counter::kPeersLateMessages);
    return rig.recorder.messages.size() + late == kPeers && rig.endpoint->peers() == 0;
  };
  rig.until(settled);
  if (handles) CHECK(rig.recorder.messages.size() == kPeers);
  CHECK(rig.recorder.gone.size() == rig.recorder.messages.size());
}

TEST_CASE("a send to a peer that has left forgets it", "[bus]") {
  EndpointRig rig;
  auto dealer = rig.dealer();
  const PeerId peer = greet(rig, *dealer);
  dealer.reset();
  // Without the monitor's word: only the sends tell.
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  while (rig.recorder.gone.empty()) {
    REQUIRE(std::chrono::steady_clock::now() < deadline);
    rig.endpoint->receive(Now::read(), 100);
    static_cast<void>(rig.endpoint->send(peer, zmq::message_t("there?"s)));
    rig.endpoint->flush(Now::read());
  }
  CHECK(rig.recorder.gone == std::vector{peer});
  CHECK(rig.endpoint->peers() == 0);
}

TEST_CASE("a peer can be cut, once", "[bus]") {
  EndpointRig rig;
  const auto dealer = rig.dealer();
  const PeerId peer = greet(rig, *dealer);
  rig.endpoint->cut(peer, "a test");
  rig.endpoint->cut(peer, "a test");
  rig.endpoint->cut(PeerId{99}, "nobody");
  rig.until([&] { return !rig.recorder.gone.empty(); });
  CHECK(rig.counters.get(Counter::kConnectionsCut) == 1);
}

}  // namespace ccbus::test
