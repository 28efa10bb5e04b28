#include "service/bus/router_endpoint.h"

#include <catch2/catch.hpp>
#include <memory>
#include <string>

#include "tests/support/endpoint_rig.h"

namespace ccbus::bus {
namespace {

using Catch::Matchers::Contains;
using namespace std::chrono_literals;
using Rig = test::EndpointRig;
using test::text_of;

TEST_CASE("a peer is one connection, and receives what is sent to it", "[bus]") {
  Rig rig;
  auto one = rig.dealer();
  auto two = rig.dealer();
  one->send(zmq::str_buffer("from one"));
  rig.until([&] { return rig.recorder.messages.size() == 1; });
  two->send(zmq::str_buffer("from two"));
  rig.until([&] { return rig.recorder.messages.size() == 2; });
  const PeerId first = rig.recorder.messages[0].first;
  const PeerId second = rig.recorder.messages[1].first;
  CHECK(first != second);
  REQUIRE(rig.endpoint->send(second, zmq::message_t(std::string("to two"))).has_value());
  REQUIRE(rig.endpoint->send(first, zmq::message_t(std::string("to one"))).has_value());
  rig.endpoint->flush(Now::read());
  CHECK(text_of(*one) == "to one");
  CHECK(text_of(*two) == "to two");
}

TEST_CASE("a peer that leaves is reported once, and sending to it fails", "[bus]") {
  Rig rig;
  auto dealer = rig.dealer();
  dealer->send(zmq::str_buffer("hello"));
  rig.until([&] { return rig.recorder.messages.size() == 1; });
  const PeerId peer = rig.recorder.messages[0].first;
  dealer.reset();
  rig.until([&] { return !rig.recorder.gone.empty(); });
  CHECK(rig.recorder.gone == std::vector{peer});
  const auto sent = rig.endpoint->send(peer, zmq::message_t(std::string("late")));
  REQUIRE_FALSE(sent.has_value());
  CHECK(sent.error().code == ErrorCode::kPeerGone);
  CHECK(rig.endpoint->peers() == 0);
}

TEST_CASE("an empty frame is a message of no bytes", "[bus]") {
  Rig rig;
  auto dealer = rig.dealer();
  dealer->send(zmq::message_t(), zmq::send_flags::none);
  rig.until([&] { return rig.recorder.messages.size() == 1; });
  CHECK(rig.recorder.messages[0].second.empty());
  rig.endpoint->send_end(rig.recorder.messages[0].first);
  rig.endpoint->flush(Now::read());
  CHECK(text_of(*dealer).empty());
}

TEST_CASE("a message of several frames is reported as malformed; the next one is handled",
          "[bus]") {
  Rig rig;
  auto dealer = rig.dealer();
  for (int i = 0; i < 4; ++i) dealer->send(zmq::str_buffer("part"), zmq::send_flags::sndmore);
  dealer->send(zmq::str_buffer("last"));
  dealer->send(zmq::str_buffer("whole"));
  rig.until([&] { return rig.recorder.messages.size() == 1; });
  CHECK(rig.recorder.messages[0].second == "whole");
  REQUIRE(rig.recorder.malformed.size() == 1);
  CHECK(rig.recorder.malformed[0].second == "a message of 5 frames: one is allowed");
}

TEST_CASE("behind a full pipe messages queue in order; beyond the queue sending is refused",
          "[bus]") {
  Rig rig([](auto& options) {
    options.pipe_messages_max = 1;
    options.backlog_messages_max = 5;
  });
  auto dealer = rig.dealer();
  dealer->send(zmq::str_buffer("hello"));
  rig.until([&] { return rig.recorder.messages.size() == 1; });
  const PeerId peer = rig.recorder.messages[0].first;

  const std::string filler(1 << 20, 'x');
  int accepted = 0;
  Result<void> sent;
  do {
    sent = rig.endpoint->send(peer, zmq::message_t(std::to_string(accepted) + " " + filler));
    if (sent) ++accepted;
  } while (sent && accepted < 10'000);
  REQUIRE_FALSE(sent.has_value());
  CHECK(sent.error().code == ErrorCode::kExhausted);
  CHECK_THAT(sent.error().message,
             Contains("its queue holds 5 messages") && Contains("limits are 5"));
  CHECK(rig.endpoint->has_backlog());

  for (int i = 0; i < accepted; ++i) {
    zmq::message_t frame;
    rig.until([&] { return dealer->recv(frame, zmq::recv_flags::dontwait).has_value(); });
    REQUIRE(frame.to_string().starts_with(std::to_string(i) + " "));
  }
  CHECK_FALSE(rig.endpoint->has_backlog());
}

TEST_CASE("what is sent goes out in order, with a flush or with enough others", "[bus]") {
  Rig rig;
  auto dealer = rig.dealer();
  dealer->send(zmq::str_buffer("hello"));
  rig.until([&] { return rig.recorder.messages.size() == 1; });
  const PeerId peer = rig.recorder.messages[0].first;
  constexpr int kMany = 1000;
  for (int i = 0; i < kMany; ++i) {
    REQUIRE(rig.endpoint->send(peer, zmq::message_t(std::to_string(i))).has_value());
  }
  rig.endpoint->flush(Now::read());
  for (int i = 0; i < kMany; ++i) CHECK(text_of(*dealer) == std::to_string(i));
}

TEST_CASE("a report shows the connected peers and what is queued for them", "[bus]") {
  Rig rig;
  const auto one = rig.dealer();
  const auto other = rig.dealer();
  one->send(zmq::str_buffer("hello"));
  rig.until([&] { return rig.recorder.messages.size() == 1; });
  other->send(zmq::str_buffer("hello"));
  rig.until([&] { return rig.recorder.messages.size() == 2; });
  const PeerId first = rig.recorder.messages[0].first;
  const PeerId second = rig.recorder.messages[1].first;
  CHECK(rig.endpoint->connected().size() == 2);

  REQUIRE(rig.endpoint->send(first, zmq::message_t(100)).has_value());
  REQUIRE(rig.endpoint->send(first, zmq::message_t(20)).has_value());
  const auto report = rig.endpoint->report(first);
  REQUIRE(report.has_value());
  CHECK(report->remote.starts_with("127.0.0.1:"));
  CHECK(report->queued.messages == 2);
  CHECK(report->queued.bytes == 120);
  const auto later = rig.endpoint->report(second);
  REQUIRE(later.has_value());
  CHECK(later->queued.messages == 0);
  CHECK(later->remote != report->remote);
  CHECK(later->last_heard >= report->last_heard);
  rig.endpoint->flush(Now::read());
  CHECK(rig.endpoint->report(first)->queued.messages == 0);
  CHECK_FALSE(rig.endpoint->report(PeerId{99}).has_value());
}

TEST_CASE("a peer over ipc has no address", "[bus]") {
  Rig rig([](auto& options) { options.address = "ipc://*"; });
  const auto dealer = rig.dealer();
  dealer->send(zmq::str_buffer("hello"));
  rig.until([&] { return rig.recorder.messages.size() == 1; });
  CHECK(rig.endpoint->report(rig.recorder.messages[0].first)->remote.empty());
}

TEST_CASE("what was sent to a peer that has left is dropped", "[bus]") {
  Rig rig;
  auto leaves = rig.dealer();
  auto stays = rig.dealer();
  leaves->send(zmq::str_buffer("leaves"));
  rig.until([&] { return rig.recorder.messages.size() == 1; });
  stays->send(zmq::str_buffer("stays"));
  rig.until([&] { return rig.recorder.messages.size() == 2; });
  REQUIRE(rig.endpoint->send(rig.recorder.messages[0].first, zmq::message_t(std::string("1"))));
  REQUIRE(rig.endpoint->send(rig.recorder.messages[1].first, zmq::message_t(std::string("2"))));
  leaves.reset();
  rig.until([&] { return !rig.recorder.gone.empty(); });
  CHECK(text_of(*stays) == "2");
  CHECK_FALSE(rig.endpoint->has_backlog());
}

TEST_CASE("connections beyond the limit are refused with it", "[bus]") {
  Rig rig([](auto& options) { options.peers_max = 1; });
  auto one = rig.dealer();
  one->send(zmq::str_buffer("in"));
  rig.until([&] { return rig.recorder.messages.size() == 1; });
  auto two = rig.dealer();
  two->send(zmq::str_buffer("out"));
  rig.until([&] { return rig.recorder.malformed.size() == 1; });
  CHECK(rig.recorder.malformed[0].second == "too many connections: the limit is 1 (limits.peers)");
  CHECK(rig.recorder.messages.size() == 1);
}

TEST_CASE("a frame above the limit is not sent", "[bus]") {
  Rig rig([](auto& options) { options.message_bytes_max = 1000; });
  auto dealer = rig.dealer();
  dealer->send(zmq::str_buffer("hello"));
  rig.until([&] { return rig.recorder.messages.size() == 1; });
  const auto sent =
      rig.endpoint->send(rig.recorder.messages[0].first, zmq::message_t(std::string(1001, 'x')));
  REQUIRE_FALSE(sent.has_value());
  CHECK_THAT(sent.error().message, Contains("1001 bytes exceeds the limit of 1000"));
}

TEST_CASE("an exception in a listener is reported as malformed and does not end the loop",
          "[bus]") {
  Rig rig;
  auto dealer = rig.dealer();
  dealer->send(zmq::str_buffer("throw"));
  dealer->send(zmq::str_buffer("on"));
  rig.until([&] { return rig.recorder.messages.size() == 1; });
  REQUIRE(rig.recorder.malformed.size() == 1);
  CHECK(rig.recorder.malformed[0].second == "internal error");
}

TEST_CASE("a routing id that a peer chose itself may come back with a new connection", "[bus]") {
  Rig rig;
  auto before = rig.dealer("fixed");
  before->send(zmq::str_buffer("before"));
  rig.until([&] { return rig.recorder.messages.size() == 1; });
  before.reset();
  rig.until([&] { return rig.recorder.gone.size() == 1; });
  // libzmq ignores a new connection with the same routing id until it has closed the pipe of the
  // old one. A peer that gets no answer tries again from a new socket.
  std::unique_ptr<zmq::socket_t> after;
  auto next_try = std::chrono::steady_clock::now();
  rig.until([&] {
    if (rig.recorder.messages.size() == 1 && std::chrono::steady_clock::now() >= next_try) {
      after = rig.dealer("fixed");
      after->send(zmq::str_buffer("after"));
      next_try += 500ms;
    }
    return rig.recorder.messages.size() == 2;
  });
  CHECK(rig.recorder.messages[0].first != rig.recorder.messages[1].first);
}

TEST_CASE("an address that is in use is named in the error", "[bus]") {
  Rig rig;
  RouterEndpoint::Options options;
  options.name = "second";
  options.address = rig.endpoint->address();
  CHECK_THROWS_WITH(RouterEndpoint(rig.context, options, rig.recorder, *rig.logger, rig.counters),
                    Contains("cannot listen on " + options.address));
}

}  // namespace
}  // namespace ccbus::bus
