#pragma once

#include <catch2/catch.hpp>
#include <string>

#include "bindings/cpp/tests/support/scripted_router.h"
#include "ccbus/client/client.h"

// The service of a client, which the test plays.
namespace ccbus::testing {

inline client::Options options_for(const std::string& endpoint) {
  client::Options options;
  options.endpoint = endpoint;
  return options;
}

inline client::Invocation invocation_of(const std::string& function) {
  client::Invocation invocation;
  invocation.channel_id = "mychannel";
  invocation.chaincode_name = "basic";
  invocation.args = {function};
  return invocation;
}

struct Request {
  std::string peer;
  ClientRequest message;
};

inline Request hear(ScriptedRouter& service) {
  const auto frame = service.receive();
  Request request{frame.peer, {}};
  REQUIRE(request.message.ParseFromString(frame.bytes));
  return request;
}

inline void answer(ScriptedRouter& service, const Request& request, ClientResponse response) {
  response.set_correlation_id(request.message.correlation_id());
  service.send(request.peer, response.SerializeAsString());
}

// The answer to an evaluate.
inline void answer(ScriptedRouter& service, const Request& request, const std::string& payload) {
  ClientResponse response;
  response.mutable_evaluate()->mutable_result()->set_status(200);
  response.mutable_evaluate()->mutable_result()->set_payload(payload);
  answer(service, request, std::move(response));
}

}  // namespace ccbus::testing
