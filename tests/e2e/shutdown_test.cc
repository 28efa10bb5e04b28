// SIGTERM: no new work is accepted, open transactions end or are answered with an error, and the
// exit status is 0.
#include <catch2/catch.hpp>
#include <future>
#include <optional>
#include <string>

#include "ccbus/client/client.h"
#include "ccbus/shim/run.h"
#include "tests/support/refusal_reason.h"
#include "tests/support/service_process.h"

namespace ccbus::test {
namespace {

using namespace std::chrono_literals;

// A chaincode whose transaction reports that it has begun, and ends when the test says so.
class Patient final : public shim::Chaincode {
 public:
  shim::Response invoke(shim::Stub& stub) override {
    stub.put_state("key", "value");
    begun.set_value();
    end.get_future().wait_for(60s);
    return shim::success("done");
  }

  std::promise<void> begun;
  std::promise<void> end;
};

struct Rig {
  explicit Rig(const std::string& grace) : service({"shutdown.grace=" + grace}) {
    shim::Options options;
    options.peer_address = service.chaincode_endpoint();
    options.chaincode_id = "patient";
    options.log = [](std::string_view) {};
    shim.emplace(options, chaincode);
    shim->start();
    REQUIRE(shim->wait_ready(10s));
    outcome = std::async(std::launch::async, [this] { return submit(); });
    chaincode.begun.get_future().wait();
  }

  client::Reply submit() const {
    client::Client client({.endpoint = service.client_endpoint()});
    return client.submit({.channel_id = "mychannel", .chaincode_name = "patient", .args = {"wait"}},
                         30s);
  }

  ServiceProcess service;
  Patient chaincode;
  std::optional<shim::Shim> shim;
  std::future<client::Reply> outcome;
};

TEST_CASE("a transaction that is open at SIGTERM is committed, and new ones are refused",
          "[e2e][issue-5]") {
  Rig rig("60s");
  rig.service.ask_to_stop();
  // Refused as soon as the signal has been handled; until then a further transaction is accepted.
  client::Client client({.endpoint = rig.service.client_endpoint()});
  client::Reply refused = client.status(10s);
  while (refused.error.ok()) refused = client.status(10s);
  CHECK(refused.error.code == ccbus::UNAVAILABLE);

  rig.chaincode.end.set_value();
  const client::Reply reply = rig.outcome.get();
  CHECK(reply.error.message.empty());
  CHECK(reply.response.submit().result().payload() == "done");
  CHECK(reply.response.submit().validation_code() == protos::VALID);
  CHECK(rig.service.stop() == 0);
}

TEST_CASE("a transaction that does not end within shutdown.grace is told so, and the exit is clean",
          "[e2e][issue-5]") {
  Rig rig("100ms");
  rig.service.ask_to_stop();
  const client::Reply reply = rig.outcome.get();
  CHECK(reply.error.code == ccbus::ABORTED);
  CHECK_THAT(reason_of(reply.response), Catch::Contains("chaincode stream terminated"));
  rig.chaincode.end.set_value();
  CHECK(rig.service.stop() == 0);
}

}  // namespace
}  // namespace ccbus::test
