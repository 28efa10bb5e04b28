// Valid messages that used to take the service's memory or everybody's time: each is refused, the
// memory stays within a bound, and a bystander is served meanwhile.
#include <catch2/catch.hpp>
#include <cstdint>
#include <fstream>
#include <string>

#include "fabric/peer/chaincode.pb.h"
#include "tests/support/bystander.h"
#include "tests/support/dealer.h"
#include "tests/support/service_process.h"

namespace ccbus::test {
namespace {

using Catch::Matchers::Contains;
using protos::ChaincodeMessage;
using namespace std::string_literals;

constexpr std::uint64_t kMiB = 1u << 20;

// The most memory that the process has had.
std::uint64_t peak_bytes(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string word; status >> word;) {
    std::uint64_t kib = 0;
    if (word == "VmHWM:" && status >> kib) return kib * 1024;
  }
  FAIL("no VmHWM");
  return 0;
}

// A service, a bystander, and a chaincode "large" in the middle of a transaction.
struct Attack {
  explicit Attack(std::vector<std::string> settings = {})
      : service(std::move(settings)),
        bystander(service),
        chaincode(service.chaincode_endpoint()),
        client(service.client_endpoint()) {
    chaincode.register_as("large");
    client.send(evaluate(1, "large"));
    transaction = chaincode.receive();
    bystander.check_is_served();
    before = peak_bytes(service.pid());
  }

  // By how many MiB the service's memory has grown at most.
  [[nodiscard]] std::uint64_t growth() const { return (peak_bytes(service.pid()) - before) / kMiB; }

  ChaincodeMessage ask(ChaincodeMessage::Type type, const std::string& payload) {
    chaincode.send(in_transaction(transaction, type, payload));
    bystander.check_is_served();
    return chaincode.receive();
  }

  ServiceProcess service;
  Bystander bystander;
  Dealer chaincode;
  Dealer client;
  ChaincodeMessage transaction;
  std::uint64_t before = 0;
};

std::string repeated(const std::string& field, std::size_t bytes) {
  std::string all;
  all.reserve(bytes + field.size());
  while (all.size() < bytes) all += field;
  return all;
}

protos::PutState put(const std::string& key, std::size_t bytes) {
  protos::PutState put;
  put.set_key(key);
  put.set_value(std::string(bytes, 'v'));
  return put;
}

}  // namespace

TEST_CASE("a large key that is named a thousand times is not answered a thousand times",
          "[e2e][issue-13]") {
  Attack attack;
  // It has to be in the state: a transaction of its own writes it.
  Dealer writer(attack.service.client_endpoint());
  writer.send(submit(1, "large"));
  const ChaincodeMessage writing = attack.chaincode.receive();
  attack.chaincode.send(
      in_transaction(writing, ChaincodeMessage::PUT_STATE, put("k", 9 * kMiB).SerializeAsString()));
  REQUIRE(attack.chaincode.receive().type() == ChaincodeMessage::RESPONSE);
  protos::Response response;
  response.set_status(200);
  attack.chaincode.send(
      in_transaction(writing, ChaincodeMessage::COMPLETED, response.SerializeAsString()));
  REQUIRE(writer.receive_response().submit().validation_code() == protos::VALID);
  writer.send(evaluate(2, "large"));
  attack.transaction = attack.chaincode.receive();

  const auto refused =
      attack.ask(ChaincodeMessage::GET_STATE_MULTIPLE, repeated("\x0a\x01k", 3 * 1'000));
  CHECK(refused.type() == ChaincodeMessage::ERROR);
  CHECK_THAT(refused.payload(), Contains("exceeds the limit of 104857600"));
  const auto too_many =
      attack.ask(ChaincodeMessage::GET_STATE_MULTIPLE, repeated("\x0a\x01k", 4 * kMiB));
  CHECK_THAT(too_many.payload(), Contains("keys exceed the limit of 1000"));
  CHECK(attack.growth() < 600);  // The block of 9 MiB and its copies, and an answer of 100 MiB.
}

TEST_CASE("valid messages of very many fields are refused by their size in memory",
          "[e2e][issue-13]") {
  Attack attack;
  const std::string empty_texts = repeated("\x0a\0"s, 90 * kMiB);
  SECTION("keys of a read") {
    const auto refused = attack.ask(ChaincodeMessage::GET_STATE_MULTIPLE, empty_texts);
    CHECK_THAT(refused.payload(), Contains("keys exceed the limit"));
  }
  SECTION("records of a batch") {
    const auto refused = attack.ask(ChaincodeMessage::WRITE_BATCH_STATE, empty_texts);
    CHECK(refused.type() == ChaincodeMessage::ERROR);
  }
  SECTION("arguments of a call") {
    const auto refused = attack.ask(ChaincodeMessage::INVOKE_CHAINCODE, empty_texts);
    CHECK(refused.type() == ChaincodeMessage::ERROR);
  }
  SECTION("fields of the message that nobody knows") {
    attack.chaincode.send(repeated("\x78\0"s, 90 * kMiB));
    attack.bystander.check_is_served();
    CHECK_THAT(attack.chaincode.receive().payload(), Contains("too many"));
  }
  SECTION("arguments of a client's request") {
    const std::string args = repeated("\x1a\0"s, 15 * kMiB);
    std::string bytes = "\x08\x07"s;  // correlation_id, then evaluate { invocation { args } }.
    const auto field = [](char tag, const std::string& content) {
      std::string encoded(1, tag);
      std::size_t size = content.size();
      for (; size >= 0x80; size >>= 7) encoded.push_back(static_cast<char>(size | 0x80));
      encoded.push_back(static_cast<char>(size));
      return encoded + content;
    };
    bytes += field('\x12', field('\x0a', args));
    attack.client.send(bytes);
    attack.bystander.check_is_served();
    const auto answer = attack.client.receive_response();
    CHECK(answer.correlation_id() == 7);
    CHECK(answer.status().code() == ccbus::RESOURCE_EXHAUSTED);
  }
  CHECK(attack.growth() < 300);  // The frame, which libzmq holds once or twice.
}

TEST_CASE("what a transaction writes is bounded while it runs", "[e2e][issue-13]") {
  Attack attack;
  std::string refusal;
  for (int i = 0; i < 10 && refusal.empty(); ++i) {
    const auto answer = attack.ask(ChaincodeMessage::PUT_STATE,
                                   put("k" + std::to_string(i), 40 * kMiB).SerializeAsString());
    if (answer.type() == ChaincodeMessage::ERROR) refusal = answer.payload();
  }
  CHECK_THAT(refusal, Contains("take more than 67108864 bytes (limits.transactionBytes)"));
  CHECK(attack.growth() < 400);
}

TEST_CASE("a client that asks and does not read loses its connection at the limit",
          "[e2e][issue-13]") {
  Attack attack({"limits.backlogBytes=67108864", "peer.maxRecvMsgSize=67108864"});
  Dealer deaf(attack.service.client_endpoint(), 1);
  protos::Response response;
  response.set_status(200);
  response.set_payload(std::string(4 * kMiB, 'r'));
  const std::string completed = response.SerializeAsString();
  for (std::uint64_t i = 0; i < 40; ++i) deaf.send(evaluate(i, "large"));
  for (std::uint64_t i = 0; i < 40; ++i) {
    attack.chaincode.send(
        in_transaction(attack.chaincode.receive(), ChaincodeMessage::COMPLETED, completed));
    if (i % 8 == 0) attack.bystander.check_is_served();
  }
  attack.bystander.check_is_served();
  CHECK(attack.growth() < 400);
}

}  // namespace ccbus::test
