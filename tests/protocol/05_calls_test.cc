// Chaincodes that call each other, over real sockets.
#include "fabric/peer/chaincode.pb.h"
#include "tests/support/network.h"

namespace ccbus::test {
namespace {

using Catch::Matchers::Contains;
using protos::ChaincodeMessage;

// "basic", which calls, and "callee".
struct Rigged : Network {
  Rigged() : Network({"ledger.channels=mychannel,other"}), callee(service.chaincode_endpoint()) {
    callee.register_as("callee");
  }

  void call(const ChaincodeMessage& transaction, const std::string& name) {
    protos::ChaincodeSpec spec;
    spec.mutable_chaincode_id()->set_name(name);
    spec.mutable_input()->add_args("g");
    chaincode.send(
        in_transaction(transaction, ChaincodeMessage::INVOKE_CHAINCODE, spec.SerializeAsString()));
  }

  void callee_puts(const ChaincodeMessage& transaction, const std::string& value) {
    protos::PutState payload;
    payload.set_key("k");
    payload.set_value(value);
    callee.send(
        in_transaction(transaction, ChaincodeMessage::PUT_STATE, payload.SerializeAsString()));
    REQUIRE(callee.receive().type() == ChaincodeMessage::RESPONSE);
  }

  std::string callee_gets(const ChaincodeMessage& transaction) {
    protos::GetState payload;
    payload.set_key("k");
    callee.send(
        in_transaction(transaction, ChaincodeMessage::GET_STATE, payload.SerializeAsString()));
    return callee.receive().payload();
  }

  void callee_completes(const ChaincodeMessage& transaction, const std::string& payload) {
    protos::Response response;
    response.set_status(200);
    response.set_payload(payload);
    callee.send(
        in_transaction(transaction, ChaincodeMessage::COMPLETED, response.SerializeAsString()));
  }

  Dealer callee;
};

TEST_CASE("a callee on the same channel is in its caller's transaction", "[protocol][row-109]") {
  Rigged net;
  const auto outer = net.begin(1);
  net.put(outer, "k", "of the caller");
  net.call(outer, "callee");
  const auto inner = net.callee.receive();
  CHECK(inner.type() == ChaincodeMessage::TRANSACTION);
  CHECK(inner.txid() == outer.txid());
  CHECK(inner.channel_id() == outer.channel_id());
  CHECK(inner.proposal().SerializeAsString() == outer.proposal().SerializeAsString());
  CHECK(parsed<protos::ChaincodeInput>(inner.payload()).args(0) == "g");
  net.callee_puts(inner, "of the callee");
  net.callee_completes(inner, "done");
  const auto reply = net.chaincode.receive();
  REQUIRE(reply.type() == ChaincodeMessage::RESPONSE);
  const auto last = parsed<ChaincodeMessage>(reply.payload());
  CHECK(last.type() == ChaincodeMessage::COMPLETED);
  CHECK(parsed<protos::Response>(last.payload()).payload() == "done");
  net.commit(outer);

  const auto again = net.begin(2);
  CHECK(net.get(again, "k") == "of the caller");
  net.call(again, "callee");
  const auto reader = net.callee.receive();
  CHECK(net.callee_gets(reader) == "of the callee");
  net.callee_completes(reader, "");
  CHECK(net.chaincode.receive().type() == ChaincodeMessage::RESPONSE);
  net.commit(again);
}

TEST_CASE("what a callee writes on another channel is written nowhere",
          "[protocol][row-104][row-111]") {
  Rigged net;
  for (const std::uint64_t id : {1, 2}) {
    const auto outer = net.begin(id);
    net.call(outer, "callee/other");
    const auto inner = net.callee.receive();
    CHECK(inner.txid() == outer.txid());
    CHECK(inner.channel_id() == "other");
    CHECK(net.callee_gets(inner).empty());
    net.callee_puts(inner, "lost");
    net.callee_completes(inner, "");
    CHECK(net.chaincode.receive().type() == ChaincodeMessage::RESPONSE);
    net.commit(outer);
  }
  ccbus::ClientRequest status;
  status.mutable_status();
  net.client.send(status);
  const auto answer = net.client.receive_response();
  for (const auto& channel : answer.service_status().channels()) {
    CHECK(channel.height() == (channel.channel_id() == "other" ? 0 : 2));
  }
}

TEST_CASE("a call that cannot be is refused with Fabric's words",
          "[protocol][row-105][row-108][row-110]") {
  Rigged net;
  const auto outer = net.begin(1);
  const auto refusal = [&](const std::string& name) {
    net.call(outer, name);
    const auto reply = net.chaincode.receive();
    REQUIRE(reply.type() == ChaincodeMessage::ERROR);
    return reply.payload();
  };
  CHECK(refusal("basic") == "INVOKE_CHAINCODE failed: transaction ID: " + outer.txid() +
                                ": execute failed: error sending: txid: " + outer.txid() +
                                "(mychannel) exists");
  CHECK_THAT(refusal("callee/nowhere"), Contains("failed to find ledger for channel: nowhere"));
  CHECK_THAT(refusal("nobody"), Contains("execute failed: chaincode nobody is not connected"));
  net.commit(outer);
}

TEST_CASE("a callee that is gone fails its caller at once, who goes on", "[protocol][row-117]") {
  Rigged net;
  const auto outer = net.begin(1);
  net.call(outer, "callee");
  static_cast<void>(net.callee.receive());
  net.callee.close();
  const auto reply = net.chaincode.receive();
  CHECK(reply.type() == ChaincodeMessage::ERROR);
  CHECK_THAT(reply.payload(), Contains("error sending: chaincode stream terminated"));
  net.put(outer, "k", "v");
  net.commit(outer);
}

}  // namespace
}  // namespace ccbus::test
