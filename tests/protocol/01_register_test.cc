#include <catch2/catch.hpp>

#include "fabric/peer/chaincode.pb.h"
#include "tests/support/dealer.h"
#include "tests/support/service_process.h"

namespace ccbus::test {
namespace {

using Catch::Matchers::Contains;
using protos::ChaincodeMessage;

ChaincodeMessage hello(const std::string& payload) {
  ChaincodeMessage message;
  message.set_type(ChaincodeMessage::REGISTER);
  message.set_payload(payload);
  return message;
}

TEST_CASE("REGISTER is answered by REGISTERED and READY with what the service offers",
          "[protocol][row-13][row-203]") {
  const ServiceProcess service;
  Dealer dealer(service.chaincode_endpoint());
  protos::ChaincodeID id;
  id.set_name("basic:1.0");
  dealer.send(hello(id.SerializeAsString()));
  CHECK(dealer.receive_frame() == "\x08\x02");  // REGISTERED and nothing else.
  const auto ready = dealer.receive();
  CHECK(ready.type() == ChaincodeMessage::READY);
  protos::ChaincodeAdditionalParams offered;
  CHECK(offered.ParseFromString(ready.payload()));
  CHECK(offered.local_msp_id() == "DevMSP");
}

TEST_CASE("a refused registration hears the reason, then the end", "[protocol][row-19]") {
  const ServiceProcess service;
  const auto [payload, reason] = GENERATE(table<std::string, std::string>({
      {"", "name is empty"},
      {std::string("\x12\x02\xff\xfe", 4), "could NOT unmarshal registration info"},
      {std::string("\x12\x03") + "a/b", "invalid chaincode name 'a/b'"},
  }));
  Dealer dealer(service.chaincode_endpoint());
  dealer.send(hello(payload));
  const auto answer = dealer.receive();
  CHECK(answer.type() == ChaincodeMessage::ERROR);
  CHECK_THAT(answer.payload(), Contains(reason));
  CHECK(dealer.receive_frame().empty());
}

TEST_CASE("whoever has not registered is told to, and can on the same connection", "[protocol]") {
  const ServiceProcess service;
  Dealer dealer(service.chaincode_endpoint());
  ChaincodeMessage keepalive;
  keepalive.set_type(ChaincodeMessage::KEEPALIVE);
  dealer.send(keepalive);
  CHECK(dealer.receive_frame().empty());
  dealer.register_as("basic");
}

TEST_CASE("duplicates: reject lets in only the first, and the first stays", "[protocol][row-39]") {
  const ServiceProcess service({"chaincode.duplicates=reject"});
  Dealer first(service.chaincode_endpoint());
  first.register_as("basic");
  {
    Dealer second(service.chaincode_endpoint());
    protos::ChaincodeID id;
    id.set_name("basic");
    second.send(hello(id.SerializeAsString()));
    CHECK(second.receive().payload() == "duplicate chaincodeID: basic");
    CHECK(second.receive_frame().empty());
  }
  Dealer client(service.client_endpoint());
  client.send(evaluate(1, "basic"));
  CHECK(first.receive().type() == ChaincodeMessage::TRANSACTION);
}

TEST_CASE("duplicates: a pool shares the transactions", "[protocol]") {
  const ServiceProcess service;
  Dealer one(service.chaincode_endpoint());
  Dealer two(service.chaincode_endpoint());
  one.register_as("basic");
  two.register_as("basic");
  Dealer client(service.client_endpoint());
  client.send(evaluate(1, "basic"));
  client.send(evaluate(2, "basic"));
  CHECK(one.receive().txid() != two.receive().txid());
}

}  // namespace
}  // namespace ccbus::test
