#pragma once

#include <catch2/catch.hpp>
#include <cstdint>

#include "fabric/peer/chaincode.pb.h"
#include "tests/support/dealer.h"
#include "tests/support/service_process.h"

namespace ccbus::test {

// A chaincode and its client, which run one transaction after the other.
class Bystander {
 public:
  explicit Bystander(const ServiceProcess& service)
      : chaincode_(service.chaincode_endpoint()), client_(service.client_endpoint()) {
    chaincode_.register_as("bystander");
  }

  void check_is_served() {
    client_.send(evaluate(++last_, "bystander"));
    const protos::ChaincodeMessage transaction = chaincode_.receive();
    protos::Response response;
    response.set_status(200);
    chaincode_.send(in_transaction(transaction, protos::ChaincodeMessage::COMPLETED,
                                   response.SerializeAsString()));
    const auto answer = client_.receive_response();
    CHECK(answer.correlation_id() == last_);
    CHECK(answer.evaluate().result().status() == 200);
  }

 private:
  Dealer chaincode_;
  Dealer client_;
  std::uint64_t last_ = 0;
};

}  // namespace ccbus::test
