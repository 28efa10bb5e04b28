#include "service/bridge/calls/open_calls.h"

#include <catch2/catch.hpp>
#include <memory>
#include <string>

#include "tests/support/bridge_fakes.h"

namespace ccbus::bridge {
namespace {

// Ends itself when it is told to.
class Call final : public RpcCall {
 public:
  Call(Rpc& rpc, int& alive) : rpc_(rpc), alive_(alive) { ++alive_; }
  ~Call() override { --alive_; }
  void on_message(Now, std::string message) override {
    if (message == "end") return rpc_.finish({});
    rpc_.send("heard " + message);
  }
  void on_half_closed(Now) override {}
  void on_gone(Now) override { rpc_.finish(rpc_end(RpcCode::kCancelled, "gone")); }
  [[nodiscard]] std::string what() const override { return "call"; }

 private:
  Rpc& rpc_;
  int& alive_;
};

struct Rig {
  ~Rig() { calls.finish_all({}); }
  void add(std::uint64_t id) {
    calls.add(id, rpc, "host", [this](Rpc& to) { return std::make_unique<Call>(to, alive); });
  }
  void hear(Event::Kind kind, std::uint64_t id, std::string text = {}) {
    calls.on_event({}, {kind, id, std::move(text)});
  }

  RpcBytes bytes{100};
  int alive = 0;
  test::FakeRpc rpc;
  OpenCalls calls{bytes};
};

TEST_CASE("a call's logic lives until the event in which it ends the call is over",
          "[bridge][issue-17]") {
  Rig rig;
  rig.add(7);
  rig.hear(Event::Kind::kMessage, 7, "one");
  CHECK(rig.rpc.sent == std::vector<std::string>{"heard one"});
  rig.hear(Event::Kind::kMessage, 7, "end");
  CHECK(rig.alive == 1);
  rig.hear(Event::Kind::kMessage, 7, "late");
  rig.hear(Event::Kind::kGone, 7);
  rig.calls.sweep();
  CHECK(rig.alive == 0);
  CHECK(rig.calls.size() == 0);
  rig.hear(Event::Kind::kGone, 7);  // Of a call that nobody knows.
  CHECK(rig.rpc.sent.size() == 1);
  CHECK(rig.calls.counters().messages_received == 2);
}

TEST_CASE("beyond the bytes of all calls, the one that gets a message ends and names the limit",
          "[bridge][issue-17]") {
  Rig rig;
  rig.add(1);
  rig.bytes.add(101);
  rig.hear(Event::Kind::kMessage, 1, "one");
  REQUIRE(rig.rpc.end);
  CHECK(rig.rpc.end->code == static_cast<int>(RpcCode::kResourceExhausted));
  CHECK_THAT(rig.rpc.end->message, Catch::Contains("limits.bytes (100)"));
  rig.bytes.take_away(101);
}

TEST_CASE("all calls end at once", "[bridge][issue-17]") {
  Rig rig;
  rig.add(1);
  rig.calls.finish_all(rpc_end(RpcCode::kUnavailable, "stopping"));
  CHECK(rig.alive == 0);
  CHECK(rig.rpc.end->message == "stopping");
}

}  // namespace
}  // namespace ccbus::bridge
