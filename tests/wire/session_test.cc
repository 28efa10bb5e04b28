// Plays the session in docs/wire.md against a service: it must agree byte for byte.
#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <sstream>

#include "tests/support/checkout.h"
#include "tests/support/service_process.h"
#include "tests/wire/session.h"
#include "zmq.hpp"

namespace ccbus::test {
namespace {

using Catch::Matchers::Contains;

// A peer of the session: a DEALER that knows nothing about the messages.
class Peer {
 public:
  Peer(zmq::context_t& context, const std::string& endpoint)
      : socket_(context, zmq::socket_type::dealer) {
    constexpr int kPatienceMs = 10'000;
    socket_.set(zmq::sockopt::linger, 0);
    socket_.set(zmq::sockopt::rcvtimeo, kPatienceMs);
    socket_.connect(endpoint);
  }

  void send(const std::string& frame) { socket_.send(zmq::buffer(frame), zmq::send_flags::none); }

  // Returns nullopt if there was none in time.
  std::optional<std::string> receive() {
    zmq::message_t frame;
    if (!socket_.recv(frame)) return std::nullopt;
    REQUIRE_FALSE(frame.more());
    return frame.to_string();
  }

 private:
  zmq::socket_t socket_;
};

class Peers {
 public:
  explicit Peers(const ServiceProcess& service) : service_(service) {}

  // Connects a peer when the document first names it: to the client endpoint if its name begins
  // with "client".
  Peer& find(const std::string& name) {
    const auto known = peers_.find(name);
    if (known != peers_.end()) return known->second;
    const bool is_client = name.starts_with("client");
    return peers_
        .try_emplace(name, context_,
                     is_client ? service_.client_endpoint() : service_.chaincode_endpoint())
        .first->second;
  }

 private:
  const ServiceProcess& service_;
  zmq::context_t context_;
  std::map<std::string, Peer> peers_;
};

std::vector<SessionFrame> session_of(const std::string& text) {
  std::istringstream document(text);
  return read_session(document);
}

}  // namespace

TEST_CASE("the session in docs/wire.md is what a service says, byte for byte", "[wire]") {
  std::ifstream document(test::source_path("docs/wire.md"));
  REQUIRE(document);
  const std::vector<SessionFrame> session = read_session(document);
  REQUIRE_FALSE(session.empty());

  const ServiceProcess service;
  Peers peers(service);
  NamedValues values;
  for (const SessionFrame& frame : session) {
    INFO("docs/wire.md, line " << frame.line << ": " << frame.from << " -> " << frame.to);
    if (frame.to == "service") {
      peers.find(frame.from).send(encode(frame, values));
      continue;
    }
    REQUIRE(frame.from == "service");
    const auto received = peers.find(frame.to).receive();
    if (!received) FAIL("docs/wire.md, line " << frame.line << ": the service sent nothing");
    if (const auto different = difference(frame, *received, values)) {
      FAIL("docs/wire.md, " << *different);
    }
  }
}

TEST_CASE("a frame that is not as the document says is told with the line", "[wire]") {
  const auto session = session_of(
      "```hex session\n"
      "service -> client     | an answer\n"
      "0801                  | correlation_id\n"
      "0a02 {id:2} 12{rest:*}\n"
      "1a0161\n"
      "```\n");
  REQUIRE(session.size() == 1);
  const std::string as_it_says(
      "\x08\x01\x0a\x02xy\x12\x03"
      "abc\x1a\x01"
      "a");

  SECTION("as it says") {
    NamedValues values;
    CHECK(difference(session[0], as_it_says, values) == std::nullopt);
    CHECK(values == NamedValues{{"id", "xy"}, {"rest", "abc"}});
  }
  SECTION("another digit") {
    NamedValues values;
    std::string frame = as_it_says;
    frame.back() = 'b';
    CHECK(difference(session[0], frame, values) ==
          "line 5: the document has 1a0161, and service sent 1a0162");
  }
  SECTION("another value under the same name") {
    NamedValues values{{"id", "xz"}};
    CHECK(difference(session[0], as_it_says, values) ==
          "line 4: {id} was 787a before, and is 7879 here");
  }
  SECTION("too few bytes") {
    NamedValues values;
    CHECK_THAT(difference(session[0], as_it_says.substr(0, 9), values).value_or(""),
               Contains("line 4: the frame ends within {rest}"));
  }
  SECTION("too many bytes") {
    NamedValues values;
    CHECK_THAT(difference(session[0], as_it_says + "z", values).value_or(""),
               Contains("line 5: service sent 1 bytes more"));
  }
}

TEST_CASE("a line of a session that is not understood is named", "[wire]") {
  const std::string line = GENERATE("080", "08 zz", "{name}", "{name:", "{name:x}");
  CHECK_THROWS_WITH(session_of("```hex session\na -> service\n" + line + "\n```\n"),
                    Contains("line 3: "));
}

TEST_CASE("a name without a value cannot be sent", "[wire]") {
  const auto session = session_of("```hex session\na -> service\n08{tx:64}\n```\n");
  CHECK_THROWS_WITH(encode(session.at(0), {}), "line 3: {tx} cannot be sent");
}

}  // namespace ccbus::test
