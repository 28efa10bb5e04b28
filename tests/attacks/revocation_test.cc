// A key that is taken away: its connections end, and it does not come back.
#include <catch2/catch.hpp>
#include <csignal>
#include <string>

#include "ccbus/client/client.h"
#include "tests/support/dealer.h"
#include "tests/support/key_ring.h"
#include "tests/support/service_process.h"

namespace ccbus::test {
namespace {

using namespace std::chrono_literals;

client::Options options_of(const ServiceProcess& service, const curve::Keys& keys) {
  client::Options options;
  options.endpoint = service.client_endpoint();
  options.keys = keys;
  return options;
}

// Asks the service to read its directory, and returns how many keys it has.
int reload(client::Client& admin) {
  ClientRequest request;
  request.mutable_keys()->set_reload(true);
  const client::Reply reply = admin.call(request, 10s);
  REQUIRE(reply.error.ok());
  return reply.response.keys().keys_size();
}

TEST_CASE("A revoked key loses its connections, whatever it sends, and cannot come again",
          "[attacks][issue-16]") {
  KeyRing ring;
  const curve::Keys admin = ring.allow("admin", {{"rights", "all"}, {"channels", "*"}});
  const curve::Keys app =
      ring.allow("app", {{"rights", "client"}, {"channels", "*"}, {"register", "basic"}});
  ServiceProcess service(ring.settings());
  client::Client observer(options_of(service, admin));
  constexpr int kTimes = 20;
  for (int i = 0; i < kTimes; ++i) {
    Dealer chaincode(service.chaincode_endpoint(), app);
    chaincode.register_as("basic");
    client::Client client(options_of(service, app));
    REQUIRE(client.status(10s).error.ok());

    ring.revoke("app");
    REQUIRE(reload(observer) == 1);
    // The stream is ended with its reason.
    const auto why = chaincode.receive();
    CHECK(why.type() == protos::ChaincodeMessage::ERROR);
    CHECK(why.payload().find("its key was revoked or has expired") != std::string::npos);
    CHECK(chaincode.receive_frame().empty());
    // Hundreds of messages under way change nothing.
    for (int sent = 0; sent < 100; ++sent) static_cast<void>(client.send_status());
    while (client.open_requests() > 0) {
      const auto reply = client.receive(10s);
      REQUIRE(reply);
      CHECK_FALSE(reply->error.ok());
    }
    const client::Reply again = client.status(10s);
    CHECK(again.error.code == UNAUTHENTICATED);
    CHECK(again.error.message.find("does not accept this key") != std::string::npos);
    CHECK(observer.status(10s).response.service_status().chaincodes_size() == 0);
    ring.permit("app", app, {{"rights", "client"}, {"channels", "*"}, {"register", "basic"}});
    REQUIRE(reload(observer) == 2);
  }
}

TEST_CASE("A change of the directory takes effect by itself, and by SIGHUP",
          "[attacks][issue-16]") {
  KeyRing ring;
  const curve::Keys app = ring.allow("app", {{"rights", "client"}, {"channels", "*"}});
  ServiceProcess service(ring.settings());
  client::Client client(options_of(service, app));
  REQUIRE(client.status(10s).error.ok());
  ring.revoke("app");
  const bool by_signal = GENERATE(false, true);
  if (by_signal) kill(service.pid(), SIGHUP);
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  while (client.status(10s).error.ok()) REQUIRE(std::chrono::steady_clock::now() < deadline);
  CHECK(client.status(10s).error.code == UNAUTHENTICATED);
}

TEST_CASE("A client whose key may do other things connects again", "[attacks][issue-16]") {
  KeyRing ring;
  const curve::Keys admin = ring.allow("admin", {{"rights", "keys"}});
  const curve::Keys app = ring.allow("app", {{"rights", "client"}, {"channels", "*"}});
  ServiceProcess service(ring.settings());
  client::Client observer(options_of(service, admin));
  client::Client client(options_of(service, app));
  // It waits for events that it may not have any more in a moment.
  ClientRequest events;
  events.mutable_chaincode_events()->set_channel_id("mychannel");
  REQUIRE(client.send(events).ok());
  REQUIRE(client.status(10s).error.ok());
  ring.permit("app", app, {{"rights", "evaluate"}, {"channels", "*"}});
  REQUIRE(reload(observer) == 2);
  const auto lost = client.receive(10s);
  REQUIRE(lost);
  CHECK_FALSE(lost->error.ok());
  const client::Reply refused = client.call(events, 10s);
  CHECK(refused.error.code == PERMISSION_DENIED);
  CHECK(refused.error.message ==
        "access denied: key [app] may not receive events on channel [mychannel]");
}

}  // namespace
}  // namespace ccbus::test
