#include "service/bridge/rpc/rpc_connections.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <vector>

namespace ccbus::bridge {
namespace {

// A client's end of a connection.
class Client {
 public:
  explicit Client(const std::string& address) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port =
        htons(static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))));
    inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
    REQUIRE(connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0);
  }
  ~Client() { close(socket_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // As gRPC calls it at the other end.
  [[nodiscard]] std::string peer() const {
    sockaddr_in own{};
    socklen_t length = sizeof own;
    getsockname(socket_, reinterpret_cast<sockaddr*>(&own), &length);
    return "ipv4:127.0.0.1:" + std::to_string(ntohs(own.sin_port));
  }

  // Waits until the other side has ended it; false: it has not within some seconds.
  [[nodiscard]] bool has_ended() const {
    pollfd descriptor{socket_, POLLIN, 0};
    char byte = 0;
    return poll(&descriptor, 1, 5'000) == 1 && recv(socket_, &byte, 1, MSG_DONTWAIT) <= 0;
  }
  [[nodiscard]] bool is_open() const {
    pollfd descriptor{socket_, POLLIN, 0};
    return poll(&descriptor, 1, 0) == 0;
  }

 private:
  const int socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
};

// The connections, and in the place of gRPC what holds their descriptors.
struct Rig {
  ~Rig() {
    for (const int descriptor : taken) close(descriptor);
  }

  // Waits until there is something to do, and does it.
  void turn() {
    pollfd descriptor{connections.descriptor(), POLLIN, 0};
    REQUIRE(poll(&descriptor, 1, 5'000) == 1);
    connections.turn();
  }
  std::unique_ptr<Client> connect() {
    auto client = std::make_unique<Client>(connections.address());
    turn();
    return client;
  }

  std::vector<int> taken;
  RpcConnections connections{"127.0.0.1:0", 3,
                             [this](int descriptor) { taken.push_back(descriptor); }};
};

TEST_CASE("a connection is known by gRPC's name of it until it ends", "[bridge][issue-17]") {
  Rig rig;
  const auto client = rig.connect();
  CHECK(rig.taken.size() == 1);
  CHECK(rig.connections.of(client->peer()) != nullptr);
  CHECK(rig.connections.of("ipv4:127.0.0.1:1") == nullptr);
  shutdown(rig.taken.front(), SHUT_RDWR);  // As gRPC does.
  rig.turn();
  CHECK(rig.connections.of(client->peer()) == nullptr);
  CHECK(rig.connections.open() == 0);
  CHECK(client->has_ended());
}

TEST_CASE("at the limit, the oldest connection that never spoke gives way", "[bridge][issue-17]") {
  Rig rig;
  const auto first = rig.connect();
  const auto second = rig.connect();
  const auto third = rig.connect();
  rig.connections.of(first->peer())->began();
  rig.connections.of(first->peer())->spoke();
  const auto fourth = rig.connect();
  CHECK(second->has_ended());
  CHECK(first->is_open());
  CHECK(third->is_open());
  CHECK(fourth->is_open());
  CHECK(rig.connections.open() == 3);
  CHECK(rig.connections.refused() == 1);
}

TEST_CASE("at the limit, with none that never spoke, a new connection is refused",
          "[bridge][issue-17]") {
  Rig rig;
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(rig.connect());
    rig.connections.of(clients.back()->peer())->spoke();
  }
  const auto fourth = rig.connect();
  CHECK(fourth->has_ended());
  for (const auto& client : clients) CHECK(client->is_open());
  CHECK(rig.connections.refused() == 1);
}

TEST_CASE("a connection whose calls are all silent is cut, one with messages is not",
          "[bridge][issue-17]") {
  Rig rig;
  const auto silent = rig.connect();
  const auto useful = rig.connect();
  for (int i = 0; i < RpcConnection::kSilentCallsMax; ++i) {
    rig.connections.of(silent->peer())->began();
    for (int call = 0; call < 2; ++call) rig.connections.of(useful->peer())->began();
    rig.connections.of(useful->peer())->spoke();  // Every second call.
  }
  CHECK(silent->is_open());
  rig.connections.of(silent->peer())->began();
  CHECK(silent->has_ended());
  CHECK(useful->is_open());
}

TEST_CASE("an address that cannot be listened on is named", "[bridge][issue-17]") {
  Rig rig;
  const auto listen = [](const std::string& address) {
    RpcConnections connections(address, 1, [](int) {});
  };
  CHECK_THROWS_WITH(listen(rig.connections.address()),
                    Catch::Contains("cannot listen on " + rig.connections.address()));
  CHECK_THROWS_WITH(listen("203.0.113.1:7151"),
                    Catch::Contains("cannot listen on 203.0.113.1:7151"));
}

}  // namespace
}  // namespace ccbus::bridge
