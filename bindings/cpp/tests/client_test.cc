#include "ccbus/client/client.h"

#include <catch2/catch.hpp>
#include <future>
#include <set>
#include <stdexcept>

#include "bindings/cpp/tests/support/scripted_service.h"

using namespace ccbus::testing;
using namespace std::chrono_literals;
namespace client = ccbus::client;

namespace {

// A client has no thread of its own, so another thread receives while the test plays the service.
std::future<std::optional<client::Reply>> next_reply(client::Client& client) {
  return std::async(std::launch::async, [&client] { return client.receive(kPatience); });
}

}  // namespace

TEST_CASE("a request carries what is asked for, under an id of its own", "[client]") {
  ScriptedRouter service;
  client::Client client(options_for(service.endpoint()));
  auto invocation = invocation_of("Create");
  invocation.transient = {{"secret", "\xff"}};
  invocation.is_init = true;
  const auto submitted = client.send_submit(invocation);
  const auto evaluated = client.send_evaluate(invocation_of("Read"));
  const auto asked = client.send_status();
  REQUIRE((submitted.ok() && evaluated.ok() && asked.ok()));
  CHECK(client.open_requests() == 3);
  auto reply = next_reply(client);

  const auto submit = hear(service);
  CHECK(submit.message.correlation_id() == submitted.correlation_id);
  CHECK(submit.message.submit().invocation().channel_id() == "mychannel");
  CHECK(submit.message.submit().invocation().chaincode_name() == "basic");
  CHECK(submit.message.submit().invocation().args(0) == "Create");
  CHECK(submit.message.submit().invocation().transient().at("secret") == "\xff");
  CHECK(submit.message.submit().invocation().is_init());
  const auto evaluate = hear(service);
  CHECK(evaluate.message.correlation_id() == evaluated.correlation_id);
  CHECK(evaluate.message.has_evaluate());
  CHECK(hear(service).message.has_status());

  answer(service, evaluate, "v");
  CHECK(reply.get()->correlation_id == evaluated.correlation_id);
  CHECK(client.open_requests() == 2);
}

TEST_CASE("answers in any order find their requests", "[client]") {
  constexpr int kRequests = 100;
  ScriptedRouter service;
  client::Client client(options_for(service.endpoint()));
  std::set<std::uint64_t> sent;
  for (int i = 0; i < kRequests; ++i)
    sent.insert(client.send_evaluate(invocation_of("f")).correlation_id);
  auto received = std::async(std::launch::async, [&client] {
    std::set<std::uint64_t> ids;
    for (int i = 0; i < kRequests; ++i) {
      const auto reply = client.receive(kPatience);
      if (reply &&
          reply->response.evaluate().result().payload() == std::to_string(reply->correlation_id))
        ids.insert(reply->correlation_id);
    }
    return ids;
  });

  std::vector<Request> requests;
  while (requests.size() < kRequests) requests.push_back(hear(service));
  for (auto request = requests.rbegin(); request != requests.rend(); ++request)
    answer(service, *request, std::to_string(request->message.correlation_id()));

  CHECK(received.get() == sent);
}

TEST_CASE("a blocking call returns its own reply and keeps the others'", "[client]") {
  ScriptedRouter service;
  client::Client client(options_for(service.endpoint()));
  const auto first = client.send_evaluate(invocation_of("first"));
  auto second = std::async(std::launch::async, [&client] {
    return client.evaluate(invocation_of("second"), kPatience);
  });

  answer(service, hear(service), "1");
  answer(service, hear(service), "2");

  CHECK(second.get().response.evaluate().result().payload() == "2");
  const auto kept = client.receive(0ms);
  REQUIRE(kept);
  CHECK(kept->correlation_id == first.correlation_id);
  CHECK(kept->response.evaluate().result().payload() == "1");
}

TEST_CASE("an error of the service arrives with its code, its text and what is known", "[client]") {
  ScriptedRouter service;
  client::Client client(options_for(service.endpoint()));
  auto reply = std::async(std::launch::async,
                          [&client] { return client.submit(invocation_of("f"), kPatience); });
  const auto request = hear(service);
  ccbus::ClientResponse response;
  response.set_correlation_id(request.message.correlation_id());
  response.mutable_status()->set_code(ccbus::ABORTED);
  response.mutable_status()->set_message("the chaincode said no");
  response.mutable_submit()->mutable_result()->set_status(500);
  response.mutable_submit()->mutable_result()->set_message("there is no asset a1");
  service.send(request.peer, response.SerializeAsString());

  const auto received = reply.get();
  CHECK(received.error.code == ccbus::ABORTED);
  CHECK(received.error.message == "the chaincode said no");
  CHECK(received.error.origin == client::Origin::kService);
  CHECK(received.response.submit().result().message() == "there is no asset a1");
}

TEST_CASE("a service that cannot be reached is an error in time, and nothing is sent later",
          "[client]") {
  ScriptedRouter service(unused_endpoint());
  auto options = options_for(service.endpoint());
  options.connect_timeout = 20ms;
  client::Client client(options);

  const auto reply = client.submit(invocation_of("lost"), kPatience);
  CHECK(reply.error.code == ccbus::UNAVAILABLE);
  CHECK(reply.error.origin == client::Origin::kConnection);
  CHECK(reply.error.message ==
        "cannot reach " + service.endpoint() + " within 20 ms; nothing was sent");

  service.open();
  auto later = std::async(std::launch::async, [&options] {
    client::Client patient(options_for(options.endpoint));
    return patient.evaluate(invocation_of("later"), kPatience);
  });
  auto request = hear(service);
  CHECK(request.message.evaluate().invocation().args(0) == "later");
  answer(service, request, "v");
  CHECK(later.get().error.ok());
}

TEST_CASE("a request made before the service is there goes out when it comes", "[client]") {
  ScriptedRouter service(unused_endpoint());
  client::Client client(options_for(service.endpoint()));
  REQUIRE(client.send_evaluate(invocation_of("f")).ok());
  CHECK_FALSE(client.receive(0ms));

  service.open();
  auto reply = next_reply(client);
  answer(service, hear(service), "v");

  CHECK(reply.get()->response.evaluate().result().payload() == "v");
}

TEST_CASE("a lost connection completes every request and is made anew", "[client]") {
  ScriptedRouter service(unused_endpoint());
  service.open();
  client::Client client(options_for(service.endpoint()));
  const auto submit = client.send_submit(invocation_of("f"));
  const auto evaluate = client.send_evaluate(invocation_of("f"));
  auto first = next_reply(client);
  static_cast<void>(hear(service));
  static_cast<void>(hear(service));

  service.close();

  const auto lost = first.get();
  REQUIRE(lost);
  CHECK(lost->correlation_id == submit.correlation_id);
  CHECK(lost->error.code == ccbus::UNAVAILABLE);
  CHECK(lost->error.origin == client::Origin::kConnection);
  CHECK(lost->error.message == "connection to " + service.endpoint() +
                                   " lost; the outcome of transaction request 1 is unknown");
  const auto unanswered = client.receive(0ms);
  REQUIRE(unanswered);
  CHECK(unanswered->correlation_id == evaluate.correlation_id);
  CHECK(unanswered->error.message ==
        "connection to " + service.endpoint() + " lost before the answer");
  CHECK(client.open_requests() == 0);

  service.open();
  REQUIRE(client.send_evaluate(invocation_of("again")).ok());
  auto again = next_reply(client);
  answer(service, hear(service), "back");
  CHECK(again.get()->response.evaluate().result().payload() == "back");
}

TEST_CASE("an answer that breaks the protocol ends the connection, not the waiting", "[client]") {
  ScriptedRouter service;
  client::Client client(options_for(service.endpoint()));
  REQUIRE(client.send_submit(invocation_of("f")).ok());
  auto reply = next_reply(client);
  const auto request = hear(service);

  SECTION("bytes") {
    service.send(request.peer, "\xff\xff");
  }
  SECTION("several frames") {
    service.send_frames(request.peer, {"one", "two"});
  }

  const auto received = reply.get();
  REQUIRE(received);
  CHECK(received->error.code == ccbus::UNAVAILABLE);
}

TEST_CASE("after its deadline a request is given up and a late answer is dropped", "[client]") {
  ScriptedRouter service;
  client::Client client(options_for(service.endpoint()));
  auto late = std::async(std::launch::async,
                         [&client] { return client.submit(invocation_of("late"), 200ms); });
  const auto request = hear(service);
  const auto given_up = late.get();
  CHECK(given_up.error.code == ccbus::DEADLINE_EXCEEDED);
  CHECK(given_up.error.origin == client::Origin::kClient);
  CHECK(client.open_requests() == 0);
  answer(service, request, "too late");

  auto next = std::async(std::launch::async,
                         [&client] { return client.evaluate(invocation_of("next"), kPatience); });
  answer(service, hear(service), "in time");
  CHECK(next.get().response.evaluate().result().payload() == "in time");
  CHECK_FALSE(client.receive(0ms));
}

TEST_CASE("the service is told how long a blocking call waits", "[client]") {
  ScriptedRouter service;
  client::Client client(options_for(service.endpoint()));
  auto reply = std::async(std::launch::async,
                          [&client] { return client.evaluate(invocation_of("f"), kPatience); });
  const auto request = hear(service);
  CHECK(request.message.timeout_ms() == kPatience.count());
  answer(service, request, "v");
  CHECK(reply.get().error.ok());
  REQUIRE(client.send_evaluate(invocation_of("f")).ok());
  CHECK(hear(service).message.timeout_ms() == 0);
}

TEST_CASE("a request that is cancelled completes once", "[client]") {
  ScriptedRouter service(unused_endpoint());
  client::Client client(options_for(service.endpoint()));
  SECTION("before it was sent") {
    const auto sent = client.send_evaluate(invocation_of("f"));
    client.cancel(sent.correlation_id);
    const auto reply = client.receive(0ms);
    REQUIRE(reply);
    CHECK(reply->correlation_id == sent.correlation_id);
    CHECK(reply->error.code == ccbus::CANCELLED);
    CHECK(reply->error.message == "the request was cancelled; nothing was sent");
  }
  SECTION("by the service") {
    service.open();
    const auto sent = client.send_evaluate(invocation_of("f"));
    auto reply = next_reply(client);
    answer(service, hear(service), "first");  // The connection is there.
    REQUIRE(reply.get());
    const auto ended = client.send_evaluate(invocation_of("f"));
    static_cast<void>(hear(service));
    client.cancel(ended.correlation_id);
    const auto cancel = hear(service);
    CHECK(cancel.message.cancel().correlation_id() == ended.correlation_id);
    CHECK(cancel.message.correlation_id() != ended.correlation_id);
    auto cancelled = next_reply(client);
    ccbus::ClientResponse response;
    response.set_correlation_id(ended.correlation_id);
    response.mutable_status()->set_code(ccbus::CANCELLED);
    service.send(cancel.peer, response.SerializeAsString());
    ccbus::ClientResponse done;
    done.set_correlation_id(cancel.message.correlation_id());
    done.mutable_cancel()->set_was_open(true);
    service.send(cancel.peer, done.SerializeAsString());
    CHECK(cancelled.get()->error.code == ccbus::CANCELLED);
    CHECK_FALSE(client.receive(100ms));  // Of the cancel itself nothing is heard.
    client.cancel(sent.correlation_id);  // It was answered: nothing is sent.
  }
  client.cancel(12'345);
  CHECK(client.open_requests() == 0);
}

TEST_CASE("limits are errors at once, and nothing is sent", "[client]") {
  ScriptedRouter service;
  auto options = options_for(service.endpoint());
  options.requests_open_max = 1;
  options.request_bytes_max = 1'000;
  client::Client client(options);
  auto invocation = invocation_of("f");

  SECTION("too many open") {
    REQUIRE(client.send_submit(invocation).ok());
    const auto refused = client.send_submit(invocation);
    CHECK(refused.error.code == ccbus::RESOURCE_EXHAUSTED);
    CHECK(refused.error.origin == client::Origin::kClient);
    CHECK(client.open_requests() == 1);
  }
  SECTION("too large") {
    invocation.args.emplace_back(2'000, 'x');
    CHECK(client.send_submit(invocation).error.code == ccbus::INVALID_ARGUMENT);
    CHECK(client.open_requests() == 0);
  }
  SECTION("a name that is not UTF-8") {
    invocation.chaincode_name = "\xff";
    CHECK(client.send_submit(invocation).error.code == ccbus::INVALID_ARGUMENT);
    CHECK(client.open_requests() == 0);
  }
}

TEST_CASE("an endpoint that cannot be one is refused when the client is made", "[client]") {
  CHECK_THROWS_AS(client::Client(options_for("localhost")), std::invalid_argument);
}
