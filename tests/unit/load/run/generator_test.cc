#include "service/load/run/generator.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "tests/unit/load/run/member.h"
#include "tests/unit/load/run/router_peer.h"

using namespace ccbus;
using namespace ccbus::load;
using namespace std::chrono_literals;

namespace {

using Clock = std::chrono::steady_clock;

// A generator, and the service that the test plays.
class Rig {
 public:
  explicit Rig(const WorkloadPlan& plan, const std::optional<client::Identity>& identity = {})
      : plan_(plan),
        requests_(*RequestFactory::make(plan, "run")),
        generator{context_, peer_.endpoint(), {}, plan_, requests_, identity} {}

  void begin() {
    const auto now = Clock::now();
    generator.begin({now, now + 1h});
    take_turns();
  }

  // Receives the next request and its sender.
  ClientRequest receive() {
    const auto message = peer_.receive();
    senders.insert(message.sender);
    ClientRequest request;
    REQUIRE(request.ParseFromString(message.bytes));
    sender_of_[request.correlation_id()] = message.sender;
    return request;
  }

  void answer(std::uint64_t correlation_id, StatusCode code) {
    ClientResponse response;
    response.mutable_status()->set_code(code);
    answer(correlation_id, std::move(response));
  }
  void answer(std::uint64_t correlation_id, ClientResponse response) {
    response.set_correlation_id(correlation_id);
    peer_.send(sender_of_.at(correlation_id), response.SerializeAsString());
  }

  // Runs until that many have been answered.
  void take_turns_until_answered(std::uint64_t count) {
    Turns turns({&generator});
    const auto deadline = Clock::now() + 10s;
    while (generator.tally().totals().answered() < count) {
      REQUIRE(Clock::now() < deadline);
      turns.take(Clock::now() + 10ms);
    }
    take_turns();
  }

  void take_turns() {
    while (generator.turn()) {
    }
  }

  std::set<std::string> senders;

 private:
  zmq::context_t context_;
  RouterPeer peer_{context_};
  const WorkloadPlan plan_;
  RequestFactory requests_;
  std::map<std::uint64_t, std::string> sender_of_;

 public:
  Generator generator;
};

WorkloadPlan two_clients(double rate) {
  WorkloadPlan plan;
  plan.clients = 2;
  plan.in_flight = 3;
  plan.rate = rate;
  return plan;
}

}  // namespace

TEST_CASE("a closed loop keeps as many requests under way as asked, on every client", "[load]") {
  Rig rig(two_clients(0));
  rig.begin();
  std::set<std::uint64_t> ids;
  for (int i = 0; i < 6; ++i) ids.insert(rig.receive().correlation_id());
  CHECK(ids.size() == 6);
  CHECK(rig.senders.size() == 2);
  CHECK(rig.generator.open() == 6);

  // Each answer starts one more request on the same client, with another correlation id.
  rig.answer(*ids.begin(), OK);
  rig.take_turns_until_answered(1);
  CHECK(ids.insert(rig.receive().correlation_id()).second);
  CHECK(rig.generator.open() == 6);
  CHECK(rig.generator.tally().totals().sent == 7);
}

TEST_CASE("after the end of the window nothing more is sent, and answers still count", "[load]") {
  Rig rig(two_clients(0));
  rig.begin();
  rig.generator.shorten(Clock::now());
  for (int i = 0; i < 6; ++i) rig.answer(rig.receive().correlation_id(), OK);
  rig.take_turns_until_answered(6);
  CHECK(rig.generator.open() == 0);
  CHECK(rig.generator.tally().totals().sent == 6);
  CHECK(rig.generator.tally().latency().count() == 6);
}

TEST_CASE("an open loop sends no more than there is room for; the others wait", "[load]") {
  Rig rig(two_clients(100'000));
  rig.begin();
  Turns turns({&rig.generator});
  while (rig.generator.schedule().intended < 50) turns.take(Clock::now() + 1ms);
  CHECK(rig.generator.open() == 6);
  CHECK(rig.generator.schedule().unsent == rig.generator.schedule().intended - 6);

  rig.answer(rig.receive().correlation_id(), OK);
  rig.take_turns_until_answered(1);
  CHECK(rig.generator.open() == 6);
  CHECK(rig.generator.tally().totals().sent == 7);
}

TEST_CASE("a failure is counted by its kind, with the first message", "[load]") {
  Rig rig(two_clients(0));
  rig.begin();
  rig.generator.shorten(Clock::now());
  rig.answer(rig.receive().correlation_id(), RESOURCE_EXHAUSTED);
  rig.take_turns_until_answered(1);
  CHECK(rig.generator.tally().totals().failures.at("RESOURCE_EXHAUSTED") == 1);
  CHECK(rig.generator.examples().count("RESOURCE_EXHAUSTED") == 1);
}

TEST_CASE("a signed submit is an endorse and a submit, and one operation", "[load][issue-16]") {
  const Member member;
  Rig rig(two_clients(0), member.identity());
  rig.begin();
  rig.generator.shorten(Clock::now());
  const ClientRequest endorse = rig.receive();
  REQUIRE(endorse.has_endorse());
  ClientResponse endorsed;
  endorsed.mutable_endorse()->mutable_prepared_transaction()->set_payload("payload");
  rig.answer(endorse.correlation_id(), endorsed);
  Turns turns({&rig.generator});
  while (rig.generator.continued() == 0) turns.take(Clock::now() + 10ms);
  ClientRequest submit = rig.receive();
  while (!submit.has_submit()) submit = rig.receive();  // The endorses of the other slots.
  CHECK(submit.correlation_id() == endorse.correlation_id());
  CHECK_FALSE(submit.submit().prepared_transaction().signature().empty());
  CHECK(rig.generator.tally().totals().answered() == 0);
  rig.answer(submit.correlation_id(), OK);
  rig.take_turns_until_answered(1);
  CHECK(rig.generator.tally().totals().succeeded == 1);
  CHECK(rig.generator.continued() == 1);
}

TEST_CASE("a second answer to one request is noticed, also after the last request", "[load]") {
  Rig rig(two_clients(0));
  rig.begin();
  if (GENERATE(false, true)) rig.generator.shorten(Clock::now());
  const std::uint64_t id = rig.receive().correlation_id();
  rig.answer(id, OK);
  rig.take_turns_until_answered(1);
  rig.answer(id, OK);
  CHECK_THROWS_WITH(rig.take_turns_until_answered(2), Catch::Matchers::Contains("to no request"));
}

TEST_CASE("a request beside the load gets its own answer", "[load]") {
  Rig rig(two_clients(0));
  std::uint64_t answered = 0;
  ClientRequest question;
  question.mutable_status();
  rig.generator.ask(question,
                    [&](const ClientResponse& response) { answered = response.correlation_id(); });
  const ClientRequest asked = rig.receive();
  CHECK(asked.has_status());
  rig.answer(asked.correlation_id(), OK);
  Turns turns({&rig.generator});
  while (rig.generator.unanswered() != 0) turns.take(Clock::now() + 10ms);
  CHECK(answered == asked.correlation_id());
  CHECK(rig.generator.tally().totals().sent == 0);
}
