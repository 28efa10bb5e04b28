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
  void add_served(std::uint64_t id, SteadyTime at, const std::string& from = "host") {
    calls.add_served({at, {}}, id, rpc, from,
                     [this](Rpc& to) { return std::make_unique<Call>(to, alive); });
  }
  void hear(Event::Kind kind, std::uint64_t id, std::string text = {}) {
    calls.on_event({}, {kind, id, std::move(text)});
  }

  RpcBytes bytes{100};
  int alive = 0;
  test::FakeRpc rpc;
  OpenCalls calls{bytes, 3};
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

TEST_CASE("a call that somebody makes and sends nothing in is ended", "[bridge][issue-17]") {
  using std::chrono::milliseconds;
  Rig rig;
  const SteadyTime start{std::chrono::hours(1)};
  const SteadyTime due = start + OpenCalls::kFirstMessageMax;
  rig.add_served(2, start);
  rig.add_served(3, start + milliseconds(1));
  rig.add_served(4, start + milliseconds(2));
  CHECK(rig.calls.next_deadline() == due);
  rig.hear(Event::Kind::kMessage, 3, "one");
  rig.calls.on_timer({due - milliseconds(1), {}});
  CHECK_FALSE(rig.rpc.end);
  rig.calls.on_timer({due, {}});
  REQUIRE(rig.rpc.end);
  CHECK(rig.rpc.end->code == static_cast<int>(RpcCode::kDeadlineExceeded));
  CHECK(rig.rpc.end->message == "no message has come within 60 s");
  rig.calls.sweep();
  CHECK(rig.alive == 2);
  CHECK(rig.calls.next_deadline() == due + milliseconds(2));  // 3 has sent something.
}

TEST_CASE("when too many are open, the oldest one without a message gives way",
          "[bridge][issue-17]") {
  Rig rig;
  const SteadyTime start{std::chrono::hours(1)};
  for (const std::uint64_t id : {1, 2, 3}) rig.add_served(id, start);
  rig.hear(Event::Kind::kMessage, 1, "one");
  rig.add_served(4, start);
  REQUIRE(rig.rpc.end);
  CHECK(rig.rpc.end->code == static_cast<int>(RpcCode::kResourceExhausted));
  CHECK_THAT(rig.rpc.end->message, Catch::Contains("limits.calls (3)"));
  rig.calls.sweep();
  CHECK(rig.alive == 3);
  rig.rpc.end.reset();
  rig.hear(Event::Kind::kMessage, 2, "two");  // It is the one that has gone.
  CHECK(rig.rpc.sent == std::vector<std::string>{"heard one"});

  for (const std::uint64_t id : {3, 4}) rig.hear(Event::Kind::kMessage, id, "x");
  rig.add_served(5, start);
  REQUIRE(rig.rpc.end);  // Of the new one.
  CHECK(rig.rpc.end->code == static_cast<int>(RpcCode::kResourceExhausted));
  CHECK(rig.alive == 3);
}

TEST_CASE("the call that gives way is one of the connection that has most without a message",
          "[bridge][issue-17]") {
  Rig rig;
  const SteadyTime start{std::chrono::hours(1)};
  rig.add_served(1, start, "one");
  rig.add_served(2, start, "many");
  rig.add_served(3, start, "many");
  rig.add_served(4, start, "many");
  rig.hear(Event::Kind::kMessage, 1, "one");
  CHECK(rig.rpc.sent == std::vector<std::string>{"heard one"});
  rig.rpc.sent.clear();
  rig.hear(Event::Kind::kMessage, 2, "two");
  CHECK(rig.rpc.sent.empty());  // It has given way, though 1 is older.
}

TEST_CASE("calls that are begun and given up behind a silent one are not kept",
          "[bridge][issue-17]") {
  Rig rig;
  const SteadyTime start{std::chrono::hours(1)};
  rig.add_served(1, start);
  for (std::uint64_t id = 2; id < 1'000; ++id) {
    rig.add_served(id, start);
    rig.hear(Event::Kind::kGone, id);
    rig.calls.sweep();
    CHECK(rig.calls.watched() <= 6);  // Twice as many as may be open.
  }
  CHECK(rig.calls.size() == 1);
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
