#include <catch2/catch.hpp>
#include <future>
#include <string>
#include <vector>

#include "bindings/cpp/tests/support/scripted_peer.h"
#include "bindings/cpp/tests/support/shim_rig.h"
#include "fabric/peer/chaincode.pb.h"

using namespace ccbus::testing;
using namespace std::chrono_literals;
namespace shim = ccbus::shim;

namespace {

shim::Response echo(shim::Stub& stub) {
  return shim::success(stub.args().at(0));
}

// The shim is serving on this connection: a transaction goes through it.
bool serves(ScriptedPeer& peer, const std::string& connection) {
  peer.say(connection, transaction_of({"ping"}));
  return response_in(peer.hear(connection, ChaincodeMessage::COMPLETED)).payload() == "ping";
}

}  // namespace

TEST_CASE("a shim speaks first, with REGISTER and its chaincode's name", "[shim]") {
  ScriptedPeer peer;
  ShimRig rig(peer.endpoint(), echo);

  const auto said = peer.hear();
  protos::ChaincodeID id;
  REQUIRE(id.ParseFromString(said.message.payload()));
  CHECK(said.message.type() == ChaincodeMessage::REGISTER);
  CHECK(id.name() == "basic:1.0");
  CHECK(said.message.txid().empty());
}

TEST_CASE("a shim is ready after READY, and keeps what the peer offers with it", "[shim]") {
  ScriptedPeer peer;
  ShimRig rig(peer.endpoint(), echo);
  const std::string connection = peer.hear().peer;
  protos::ChaincodeAdditionalParams offered;
  offered.set_use_write_batch(true);
  offered.set_max_size_write_batch(1000);

  peer.say(connection, message_of(ChaincodeMessage::REGISTERED));
  peer.say(connection, message_of(ChaincodeMessage::READY, offered.SerializeAsString()));

  REQUIRE(rig.shim().wait_ready(kPatience));
  CHECK(rig.shim().offered().use_write_batch());
  CHECK(rig.shim().offered().max_size_write_batch() == 1000);
  CHECK(serves(peer, connection));
}

TEST_CASE("a refused registration is logged with its reason and tried again", "[shim]") {
  ScriptedPeer peer;
  ShimRig rig(peer.endpoint(), echo);
  const std::string refused = peer.hear().peer;

  peer.say(refused, message_of(ChaincodeMessage::ERROR, "the name is taken"));
  peer.end(refused);

  CHECK(rig.log().wait_for("registration refused: the name is taken"));
  const std::string accepted = peer.accept();
  CHECK(accepted != refused);
  CHECK(serves(peer, accepted));
}

TEST_CASE("a reason that stays the same is logged once", "[shim]") {
  ScriptedPeer peer;
  ShimRig rig(peer.endpoint(), echo);
  for (const char* reason : {"the name is taken", "the name is taken", "the name is too short"}) {
    const std::string refused = peer.hear().peer;
    peer.say(refused, message_of(ChaincodeMessage::ERROR, reason));
    peer.end(refused);
  }
  CHECK(rig.log().wait_for("the name is too short"));
  CHECK(rig.log().count_of("the name is taken") == 1);
}

TEST_CASE("the endpoint for clients is named once, and the shim gives up", "[shim][row-211]") {
  ScriptedPeer peer;
  std::promise<void> gave_up;
  shim::Options options;
  options.gave_up = [&gave_up] { gave_up.set_value(); };
  ShimRig rig(peer.endpoint(), echo, options);
  const std::string lost = peer.hear().peer;
  ChaincodeMessage refusal = message_of(ChaincodeMessage::ERROR, "chaincodes connect to elsewhere");
  refusal.mutable_chaincode_event()->set_event_name("wrong-endpoint");
  peer.say(lost, refusal);

  CHECK(gave_up.get_future().wait_for(kPatience) == std::future_status::ready);
  CHECK(rig.log().count_of("chaincodes connect to elsewhere") == 1);
  CHECK_FALSE(rig.shim().wait_ready(kPatience));
}

TEST_CASE("KEEPALIVE is echoed in every state and changes none", "[shim]") {
  ScriptedPeer peer;
  ShimRig rig(peer.endpoint(), echo);
  ChaincodeMessage keepalive;
  keepalive.set_type(ChaincodeMessage::KEEPALIVE);
  const std::string connection = peer.hear().peer;

  const auto is_echoed = [&] {
    peer.say(connection, keepalive);
    return peer.hear(connection, ChaincodeMessage::KEEPALIVE).SerializeAsString() ==
           keepalive.SerializeAsString();
  };
  CHECK(is_echoed());
  peer.say(connection, message_of(ChaincodeMessage::REGISTERED));
  CHECK(is_echoed());
  peer.say(connection, message_of(ChaincodeMessage::READY));
  CHECK(is_echoed());
  CHECK(serves(peer, connection));
}

TEST_CASE("after an end of stream a shim registers again from a new socket", "[shim]") {
  ScriptedPeer peer;
  ShimRig rig(peer.endpoint(), echo);
  const std::string first = peer.accept();
  CHECK(serves(peer, first));

  peer.end(first);

  const std::string second = peer.accept();
  CHECK(second != first);
  CHECK(serves(peer, second));
}

TEST_CASE("a shim that starts before its peer registers as soon as the peer is there", "[shim]") {
  ScriptedPeer peer(unused_endpoint());
  ShimRig rig(peer.endpoint(), echo);
  CHECK(rig.log().wait_for("cannot be reached"));
  CHECK_FALSE(rig.shim().wait_ready(0ms));

  peer.router().open();

  CHECK(serves(peer, peer.accept()));
}

TEST_CASE("a shim whose peer dies registers with the next one", "[shim]") {
  ScriptedPeer peer(unused_endpoint());
  peer.router().open();
  ShimRig rig(peer.endpoint(), echo);
  CHECK(serves(peer, peer.accept()));

  peer.router().close();
  CHECK(rig.log().wait_for("the connection was lost"));
  peer.router().open();

  CHECK(serves(peer, peer.accept()));
}

TEST_CASE("a message out of turn ends the stream", "[shim]") {
  const auto out_of_turn =
      GENERATE(ChaincodeMessage::REGISTER, ChaincodeMessage::REGISTERED, ChaincodeMessage::READY,
               ChaincodeMessage::RESPONSE, ChaincodeMessage::ERROR, ChaincodeMessage::GET_STATE);
  ScriptedPeer peer;
  ShimRig rig(peer.endpoint(), echo);
  const std::string first = peer.accept();

  peer.say(first, message_of(out_of_turn));

  CHECK(peer.accept() != first);
}

TEST_CASE("a transaction before READY ends the stream", "[shim]") {
  ScriptedPeer peer;
  ShimRig rig(peer.endpoint(), echo);
  const std::string first = peer.hear().peer;

  peer.say(first, transaction_of({"too early"}));

  CHECK(peer.accept() != first);
}

TEST_CASE("bytes that are no message and several frames end the stream", "[shim]") {
  ScriptedPeer peer;
  ShimRig rig(peer.endpoint(), echo);
  const std::string first = peer.accept();

  peer.router().send(first, "\xff\xff\xff");
  const std::string second = peer.accept();
  CHECK(second != first);

  peer.router().send_frames(second, {"one", "two"});
  CHECK(peer.accept() != second);
}

TEST_CASE("a peer that never answers the registration is left in time", "[shim]") {
  ScriptedPeer peer;
  shim::Options options;
  options.registration_timeout = 20ms;
  ShimRig rig(peer.endpoint(), echo, options);
  const std::string first = peer.hear().peer;

  CHECK(rig.log().wait_for("has not answered the registration in time"));
  CHECK(peer.hear().peer != first);
}

TEST_CASE("a stopped shim is not ready and stops waiting for it", "[shim]") {
  ScriptedPeer peer;
  ShimRig rig(peer.endpoint(), echo);
  static_cast<void>(peer.accept());
  REQUIRE(rig.shim().wait_ready(kPatience));

  rig.shim().stop();

  CHECK_FALSE(rig.shim().wait_ready(kPatience));
}

TEST_CASE("options that cannot work are refused when the shim is made", "[shim]") {
  FunctionChaincode chaincode(echo);
  shim::Options options;
  options.peer_address = "127.0.0.1:7052";
  options.chaincode_id = "basic";
  CHECK_NOTHROW(shim::Shim(options, chaincode));

  SECTION("no name") {
    options.chaincode_id.clear();
  }
  SECTION("a name that is not UTF-8") {
    options.chaincode_id = "\xff";
  }
  SECTION("an address without a port") {
    options.peer_address = "localhost";
  }
  SECTION("an address without a host") {
    options.peer_address = "tcp://:7052";
  }
  SECTION("no fibers") {
    options.fibers_max = 0;
  }
  SECTION("a stack that is too small") {
    options.fiber_stack_bytes = 1'000;
  }
  SECTION("a turn without time") {
    options.turn_max = 0ms;
  }
  SECTION("bounds that are crossed") {
    options.reconnect_delay_max = 1ms;
  }
  CHECK_THROWS_AS(shim::Shim(options, chaincode), std::invalid_argument);
}
