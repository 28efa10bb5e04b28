#pragma once

#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/dealer.h"
#include "tests/support/service_process.h"

namespace ccbus::test {

template <class Message>
Message parsed(const std::string& bytes) {
  Message message;
  REQUIRE(message.ParseFromString(bytes));
  return message;
}

// A service process with a registered chaincode and a client, and functions for each step of a
// transaction.
struct Network {
  using Type = protos::ChaincodeMessage::Type;

  explicit Network(std::vector<std::string> settings = {})
      : service(std::move(settings)),
        chaincode(service.chaincode_endpoint()),
        client(service.client_endpoint()) {
    chaincode.register_as("basic");
  }

  protos::ChaincodeMessage begin(std::uint64_t correlation_id, const std::string& function = "f") {
    client.send(submit(correlation_id, "basic", function));
    return chaincode.receive();
  }

  protos::ChaincodeMessage ask(const protos::ChaincodeMessage& transaction, Type type,
                               const google::protobuf::MessageLite& payload) {
    chaincode.send(in_transaction(transaction, type, payload.SerializeAsString()));
    return chaincode.receive();
  }

  // Makes a request and returns the payload of the RESPONSE.
  std::string answer(const protos::ChaincodeMessage& transaction, Type type,
                     const google::protobuf::MessageLite& payload) {
    const auto reply = ask(transaction, type, payload);
    INFO(reply.payload());
    REQUIRE(reply.type() == protos::ChaincodeMessage::RESPONSE);
    REQUIRE(reply.txid() == transaction.txid());
    return reply.payload();
  }

  std::string get(const protos::ChaincodeMessage& transaction, const std::string& key,
                  const std::string& collection = "") {
    protos::GetState payload;
    payload.set_key(key);
    payload.set_collection(collection);
    return answer(transaction, protos::ChaincodeMessage::GET_STATE, payload);
  }

  void put(const protos::ChaincodeMessage& transaction, const std::string& key,
           const std::string& value, const std::string& collection = "") {
    protos::PutState payload;
    payload.set_key(key);
    payload.set_value(value);
    payload.set_collection(collection);
    CHECK(answer(transaction, protos::ChaincodeMessage::PUT_STATE, payload).empty());
  }

  void complete(const protos::ChaincodeMessage& transaction, int status = 200,
                const std::string& payload = "", const std::string& text = "") {
    protos::Response response;
    response.set_status(status);
    response.set_payload(payload);
    response.set_message(text);
    chaincode.send(in_transaction(transaction, protos::ChaincodeMessage::COMPLETED,
                                  response.SerializeAsString()));
  }

  // Completes a transaction and waits for its outcome, which has to be VALID.
  void commit(const protos::ChaincodeMessage& transaction) {
    complete(transaction);
    REQUIRE(client.receive_response().submit().validation_code() == protos::VALID);
  }

  ServiceProcess service;
  Dealer chaincode;
  Dealer client;
};

}  // namespace ccbus::test
