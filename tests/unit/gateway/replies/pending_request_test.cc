#include "service/gateway/replies/pending_request.h"

#include <catch2/catch.hpp>
#include <new>
#include <optional>
#include <string>
#include <utility>

#include "service/gateway/replies/replies.h"
#include "tests/support/gateway_rig.h"

namespace ccbus::test {
namespace {

using gateway::PendingRequest;
using gateway::Places;
using gateway::Replies;

// Clients to which so many sends fail for want of memory, before one succeeds.
class PoorClients final : public gateway::ClientOutbox {
 public:
  Result<void> send(PeerId, const ccbus::ClientResponse& response) override {
    if (failures > 0) {
      --failures;
      throw std::bad_alloc();
    }
    answers.push_back(response);
    return {};
  }
  void end(PeerId, std::string_view) override {
    if (end_fails) throw std::bad_alloc();
    ++ended;
  }

  int failures = 0;
  bool end_fails = false;
  int ended = 0;
  std::vector<ccbus::ClientResponse> answers;
};

struct RepliesRig {
  PendingRequest take(std::uint64_t id) {
    auto taken = replies.take({PeerId{1}, id}, Places::Kind::kWorking, "basic");
    REQUIRE(taken.has_value());
    return std::move(*taken);
  }

  PoorClients clients;
  std::shared_ptr<Logger> logger = make_silent_logger();
  Counters counters;
  Replies replies{{10, 10}, clients, *logger, counters};
};

TEST_CASE("a request that is answered gives its place back, and is answered once", "[gateway]") {
  RepliesRig rig;
  PendingRequest request = rig.take(5);
  CHECK(rig.replies.requests_open() == 1);
  PendingRequest moved = std::move(request);
  rig.replies.reply(std::move(moved), gateway::make_status(ccbus::NOT_FOUND, "no"));
  CHECK(rig.replies.requests_open() == 0);
  REQUIRE(rig.clients.answers.size() == 1);
  CHECK(rig.clients.answers[0].correlation_id() == 5);
  CHECK(rig.clients.answers[0].status().code() == ccbus::NOT_FOUND);
}

TEST_CASE("a request that is destroyed unanswered is answered INTERNAL", "[gateway]") {
  RepliesRig rig;
  { const PendingRequest lost = rig.take(7); }
  CHECK(rig.replies.requests_open() == 0);
  REQUIRE(rig.clients.answers.size() == 1);
  CHECK(rig.clients.answers[0].correlation_id() == 7);
  CHECK(rig.clients.answers[0].status().code() == ccbus::INTERNAL);
  CHECK(rig.clients.answers[0].status().message().find("failed to answer") != std::string::npos);
  CHECK(rig.counters.get(Counter::kClientRequestsFailed) == 1);
}

TEST_CASE("an answer that cannot be sent for want of memory becomes INTERNAL", "[gateway]") {
  RepliesRig rig;
  rig.clients.failures = 1;
  CHECK_THROWS_AS(rig.replies.reply(rig.take(8), gateway::make_status(ccbus::NOT_FOUND, "no")),
                  std::bad_alloc);
  REQUIRE(rig.clients.answers.size() == 1);
  CHECK(rig.clients.answers[0].correlation_id() == 8);
  CHECK(rig.clients.answers[0].status().code() == ccbus::INTERNAL);
  CHECK(rig.clients.ended == 0);
}

TEST_CASE("a client to which not even that can be sent loses its connection", "[gateway]") {
  RepliesRig rig;
  rig.clients.failures = 2;
  const bool end_fails = GENERATE(false, true);
  rig.clients.end_fails = end_fails;
  { const PendingRequest lost = rig.take(9); }
  CHECK(rig.clients.answers.size() == (rig.clients.failures == 1 ? 0 : 1));
  CHECK(rig.clients.ended == (end_fails ? 0 : 1));
  CHECK(rig.replies.requests_open() == 0);
}

TEST_CASE("a request whose client has left is forgotten without an answer", "[gateway]") {
  RepliesRig rig;
  {
    PendingRequest request = rig.take(1);
    request.forget();
  }
  CHECK(rig.replies.requests_open() == 0);
  CHECK(rig.clients.answers.empty());
}

}  // namespace
}  // namespace ccbus::test
