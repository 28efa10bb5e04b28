#include "service/bus/admission.h"

#include <catch2/catch.hpp>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "ccbus/curve/certificate.h"
#include "tests/support/endpoint_rig.h"

namespace ccbus {
namespace {

using curve::Certificate;
using test::EndpointRig;
using Verdict = bus::KeyCheck::Verdict;

// The keys that a test allows. They do not change while the admission runs.
class Keys final : public bus::KeyCheck {
 public:
  explicit Keys(std::map<std::string, Verdict> known) : verdicts(std::move(known)) {}

  Verdict check(std::string_view public_key) override {
    const auto at = verdicts.find(std::string(public_key));
    return at == verdicts.end() ? Verdict::kUnknown : at->second;
  }
  const std::map<std::string, Verdict> verdicts;
};

// An endpoint that asks for keys, and an admission that knows some.
struct Rig {
  std::unique_ptr<zmq::socket_t> dealer(const Certificate& own, const Certificate& of_server) {
    return dealer(own, of_server, endpoint.endpoint->address());
  }
  std::unique_ptr<zmq::socket_t> dealer(const Certificate& own, const Certificate& of_server,
                                        const std::string& address) {
    auto socket = plain_dealer();
    socket->set(zmq::sockopt::curve_serverkey, of_server.public_key);
    socket->set(zmq::sockopt::curve_publickey, own.public_key);
    socket->set(zmq::sockopt::curve_secretkey, own.secret_key);
    socket->connect(address);
    return socket;
  }
  std::unique_ptr<zmq::socket_t> plain_dealer() {
    auto socket = std::make_unique<zmq::socket_t>(endpoint.context, zmq::socket_type::dealer);
    socket->set(zmq::sockopt::linger, 0);
    socket->set(zmq::sockopt::rcvtimeo, 10'000);
    return socket;
  }
  // Waits until the counter has this value; then nothing of the peer has come.
  void refused(Counter counter) {
    endpoint.until([&] { return counters().get(counter) > 0; });
    CHECK(endpoint.recorder.messages.empty());
    CHECK(endpoint.recorder.keys.empty());
  }
  Counters& counters() { return endpoint.counters; }

  const Certificate server = curve::generate();
  const Certificate allowed = curve::generate();
  const Certificate expired = curve::generate();
  Keys keys{{{allowed.public_key, Verdict::kAllowed}, {expired.public_key, Verdict::kExpired}}};
  EndpointRig endpoint{
      [this](bus::RouterEndpoint::Options& options) { options.secret_key = server.secret_key; }};
  bus::Admission admission{endpoint.context, keys, *endpoint.logger, endpoint.counters};
};

TEST_CASE("An allowed key connects, and every message is known to be its", "[admission]") {
  Rig rig;
  const auto one = rig.dealer(rig.allowed, rig.server);
  const auto two = rig.dealer(rig.allowed, rig.server);
  one->send(zmq::str_buffer("hello"), zmq::send_flags::none);
  two->send(zmq::str_buffer("hello"), zmq::send_flags::none);
  auto& recorder = rig.endpoint.recorder;
  rig.endpoint.until([&] { return recorder.messages.size() == 2; });
  REQUIRE(recorder.keys.size() == 2);
  for (const auto& [peer, key] : recorder.keys) {
    CHECK(key == rig.allowed.public_key);
    REQUIRE(rig.endpoint.endpoint->send(peer, zmq::message_t("answer", 6)));
  }
  rig.endpoint.endpoint->flush(Now::read());
  CHECK(test::text_of(*one) == "answer");
  CHECK(test::text_of(*two) == "answer");
}

TEST_CASE("Whoever has no allowed key does not connect, and is counted by reason", "[admission]") {
  Rig rig;
  SECTION("an unknown key") {
    const auto socket = rig.dealer(curve::generate(), rig.server);
    socket->send(zmq::str_buffer("hello"), zmq::send_flags::none);
    rig.refused(Counter::kHandshakesUnknownKey);
  }
  SECTION("an expired key") {
    const auto socket = rig.dealer(rig.expired, rig.server);
    socket->send(zmq::str_buffer("hello"), zmq::send_flags::none);
    rig.refused(Counter::kHandshakesExpiredKey);
  }
  SECTION("another server key") {
    const auto socket = rig.dealer(rig.allowed, curve::generate());
    socket->send(zmq::str_buffer("hello"), zmq::send_flags::none);
    rig.refused(Counter::kHandshakesOtherServerKey);
  }
  SECTION("NULL") {
    const auto socket = rig.plain_dealer();
    socket->connect(rig.endpoint.endpoint->address());
    socket->send(zmq::str_buffer("hello"), zmq::send_flags::none);
    rig.refused(Counter::kHandshakesOtherMechanism);
  }
  SECTION("PLAIN") {
    const auto socket = rig.plain_dealer();
    socket->set(zmq::sockopt::plain_username, "admin");
    socket->set(zmq::sockopt::plain_password, "admin");
    socket->connect(rig.endpoint.endpoint->address());
    socket->send(zmq::str_buffer("hello"), zmq::send_flags::none);
    rig.refused(Counter::kHandshakesOtherMechanism);
  }
}

TEST_CASE("A key that the listener does not accept any more is cut", "[admission]") {
  Rig rig;
  rig.endpoint.recorder.revoked = {rig.allowed.public_key};
  const auto socket = rig.dealer(rig.allowed, rig.server);
  socket->send(zmq::str_buffer("hello"), zmq::send_flags::none);
  rig.endpoint.until([&] { return rig.counters().get(Counter::kConnectionsCut) > 0; });
  CHECK(rig.counters().get(Counter::kKeysShutOut) > 0);
  CHECK(rig.endpoint.recorder.messages.empty());
}

TEST_CASE("A peer that is shut out is heard no more", "[admission]") {
  Rig rig;
  const auto socket = rig.dealer(rig.allowed, rig.server);
  socket->send(zmq::str_buffer("hello"), zmq::send_flags::none);
  auto& recorder = rig.endpoint.recorder;
  rig.endpoint.until([&] { return recorder.messages.size() == 1; });
  const PeerId peer = recorder.messages.front().first;
  recorder.revoked = {rig.allowed.public_key};
  REQUIRE(rig.endpoint.endpoint->send(peer, zmq::message_t("goodbye", 7)));
  rig.endpoint.endpoint->shut_out(peer, "its key was revoked");
  for (int i = 0; i < 100; ++i) {
    socket->send(zmq::str_buffer("more"), zmq::send_flags::dontwait);
  }
  rig.endpoint.until([&] { return recorder.gone.size() == 1; });
  CHECK(recorder.messages.size() == 1);
  CHECK(test::text_of(*socket) == "goodbye");
}

TEST_CASE("The service's key changes while both are good for a time", "[admission]") {
  Rig rig;
  bus::RouterEndpoint& endpoint = *rig.endpoint.endpoint;
  auto& recorder = rig.endpoint.recorder;
  const Certificate next = curve::generate();
  const std::string address = "ipc://@ccbus-admission-test-" + std::to_string(getpid());
  const auto before = rig.dealer(rig.allowed, rig.server);
  REQUIRE(endpoint.listen(address, next.secret_key));

  const auto moved = rig.dealer(rig.allowed, next, address);
  const auto later = rig.dealer(rig.allowed, rig.server);
  for (zmq::socket_t* socket : {before.get(), moved.get(), later.get()}) {
    socket->send(zmq::str_buffer("hello"), zmq::send_flags::none);
  }
  rig.endpoint.until([&] { return recorder.messages.size() == 3; });

  // Each address has its own key.
  const auto wrong = rig.dealer(rig.allowed, rig.server, address);
  wrong->send(zmq::str_buffer("hello"), zmq::send_flags::none);
  rig.endpoint.until([&] { return rig.counters().get(Counter::kHandshakesOtherServerKey) > 0; });
  CHECK(recorder.messages.size() == 3);

  const auto& listeners = endpoint.listeners().all();
  REQUIRE(listeners.size() == 2);
  CHECK(listeners[1].address == address);
  CHECK(endpoint.connections_of(0) == 2);
  REQUIRE(endpoint.unlisten(Now::read(), listeners[0].bound));
  CHECK(recorder.gone.size() == 2);
  CHECK(endpoint.connections_of(0) == 0);
  moved->send(zmq::str_buffer("still here"), zmq::send_flags::none);
  rig.endpoint.until([&] { return recorder.messages.size() == 4; });
  CHECK(recorder.messages.back().second == "still here");
  const auto again = endpoint.unlisten(Now::read(), "tcp://127.0.0.1:1");
  REQUIRE_FALSE(again);
  CHECK(again.error().code == ErrorCode::kNotFound);
}

TEST_CASE("An endpoint without keys cannot get one while it runs", "[admission]") {
  EndpointRig rig;
  const auto listening = rig.endpoint->listen("tcp://127.0.0.1:*", curve::generate().secret_key);
  REQUIRE_FALSE(listening);
  CHECK(listening.error().code == ErrorCode::kPrecondition);
}

}  // namespace
}  // namespace ccbus
