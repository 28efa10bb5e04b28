#include "service/load/connections.h"

#include <poll.h>

#include <catch2/catch.hpp>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ccbus/client.pb.h"

using ccbus::ClientRequest;
using ccbus::load::Connections;

namespace {

// What the service has: a ROUTER that knows nobody.
class Peer {
 public:
  explicit Peer(zmq::context_t& context) : router_(context, zmq::socket_type::router) {
    router_.set(zmq::sockopt::linger, 0);
    router_.set(zmq::sockopt::rcvtimeo, 10'000);
    router_.bind("tcp://127.0.0.1:*");
  }

  [[nodiscard]] std::string endpoint() const { return router_.get(zmq::sockopt::last_endpoint); }

  // The next message's sender and bytes.
  std::pair<std::string, std::string> receive() {
    zmq::message_t sender;
    zmq::message_t frame;
    REQUIRE(router_.recv(sender));
    REQUIRE(router_.recv(frame));
    CHECK_FALSE(frame.more());
    return {sender.to_string(), frame.to_string()};
  }

  void send(const std::string& to, const std::string& bytes) {
    router_.send(zmq::buffer(to), zmq::send_flags::sndmore);
    router_.send(zmq::buffer(bytes), zmq::send_flags::none);
  }

 private:
  zmq::socket_t router_;
};

ClientRequest numbered(std::uint64_t number) {
  ClientRequest request;
  request.set_correlation_id(number);
  return request;
}

Connections::Received next(Connections& connections) {
  while (true) {
    if (const auto received = connections.receive()) return *received;
    pollfd news{connections.descriptor(), POLLIN, 0};
    REQUIRE(poll(&news, 1, 10'000) == 1);
  }
}

}  // namespace

TEST_CASE("many connections of one socket are as many peers, each answered on its own", "[load]") {
  constexpr std::uint32_t kConnections = 300;
  zmq::context_t context;
  Peer peer(context);
  Connections connections(context, peer.endpoint(), "test");
  for (std::uint32_t i = 0; i < kConnections; ++i) {
    CHECK(connections.open() == i);
    connections.send(i, numbered(i + 1));
  }
  std::set<std::string> senders;
  for (std::uint32_t i = 0; i < kConnections; ++i) {
    const auto [sender, bytes] = peer.receive();
    senders.insert(sender);
    peer.send(sender, bytes);
  }
  CHECK(senders.size() == kConnections);
  for (std::uint32_t i = 0; i < kConnections; ++i) {
    const auto received = next(connections);
    ClientRequest echoed;
    REQUIRE(echoed.ParseFromArray(received.frame.data(), static_cast<int>(received.frame.size())));
    CHECK(echoed.correlation_id() == received.connection + 1);
  }
  CHECK(connections.bytes_sent() == connections.bytes_received());
  CHECK(connections.lost() == 0);
}

TEST_CASE("the empty frame goes both ways", "[load]") {
  zmq::context_t context;
  Peer peer(context);
  Connections connections(context, peer.endpoint(), "test");
  connections.send_empty(connections.open());
  const auto [sender, bytes] = peer.receive();
  CHECK(bytes.empty());
  peer.send(sender, "");
  CHECK(next(connections).frame.empty());
}

TEST_CASE("connections that the other side closes are counted as lost", "[load]") {
  zmq::context_t context;
  auto peer = std::make_unique<Peer>(context);
  Connections connections(context, peer->endpoint(), "test");
  for (std::uint64_t i = 0; i < 3; ++i) {
    connections.send(connections.open(), numbered(i));
    peer->receive();
  }
  peer.reset();
  while (connections.lost() < 3) {
    pollfd news{connections.descriptor(), POLLIN, 0};
    poll(&news, 1, 10);
  }
  CHECK(connections.lost() == 3);
}

TEST_CASE("an endpoint that is none is refused at once", "[load]") {
  zmq::context_t context;
  Connections connections(context, "somewhere", "test");
  CHECK_THROWS_AS(connections.open(), zmq::error_t);
}
