#include "service/load/run/connections.h"

#include <poll.h>

#include <catch2/catch.hpp>
#include <memory>
#include <set>
#include <string>

#include "ccbus/client.pb.h"
#include "tests/unit/load/run/router_peer.h"

using ccbus::ClientRequest;
using ccbus::load::Connections;
using ccbus::load::RouterPeer;

namespace {

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
  RouterPeer peer(context);
  Connections connections(context, peer.endpoint(), {}, "test");
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
  RouterPeer peer(context);
  Connections connections(context, peer.endpoint(), {}, "test");
  connections.send_empty(connections.open());
  const auto [sender, bytes] = peer.receive();
  CHECK(bytes.empty());
  peer.send(sender, "");
  CHECK(next(connections).frame.empty());
}

TEST_CASE("connections that the other side closes are counted as lost", "[load]") {
  zmq::context_t context;
  auto peer = std::make_unique<RouterPeer>(context);
  Connections connections(context, peer->endpoint(), {}, "test");
  for (std::uint64_t i = 0; i < 3; ++i) {
    connections.send(connections.open(), numbered(i));
    CHECK_FALSE(peer->receive().sender.empty());
  }
  peer.reset();
  while (connections.lost() < 3) {
    pollfd news{connections.descriptor(), POLLIN, 0};
    poll(&news, 1, 10);
  }
  CHECK(connections.lost() == 3);
}

TEST_CASE("an invalid endpoint is refused at once", "[load]") {
  zmq::context_t context;
  Connections connections(context, "somewhere", {}, "test");
  CHECK_THROWS_WITH(connections.open(), Catch::Matchers::Contains("'somewhere' is no address"));
}
