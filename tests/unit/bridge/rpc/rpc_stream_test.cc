// The messages of calls over a real connection, both ends by ours.
#include "service/bridge/rpc/rpc_stream.h"

#include <poll.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "service/bridge/rpc/rpc_dialler.h"
#include "service/bridge/rpc/rpc_server.h"

namespace ccbus::bridge {
namespace {

// A server, a client, and the thread of both: it takes what has come until all calls are over.
struct Rig {
  ~Rig() {
    if (!is_dialled_finished) dialled.rpc.finish({});
    CHECK_NOTHROW(wait_for([this] { return server.open() == 0 && dialler.open() == 0; }));
  }

  void wait_for(const std::function<bool()>& is_there) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!is_there()) {
      if (std::chrono::steady_clock::now() > until) throw std::runtime_error("it has not come");
      pollfd descriptors[] = {{events.descriptor(), POLLIN, 0},
                              {server.connections().descriptor(), POLLIN, 0}};
      poll(descriptors, 2, 10);
      server.connections().turn();
      std::vector<Event> taken;
      events.take(taken);
      for (Event& event : taken) on_event(event);
    }
  }

  void on_event(Event& event) {
    if (event.kind == Event::Kind::kServed) served = event.served->rpc;
    if (event.kind == Event::Kind::kMessage && event.id == dialled.id) {
      dialled.rpc.consumed(room_of(event.text.size()));
      received.push_back(std::move(event.text));
    }
    if (event.kind == Event::Kind::kHalfClosed && event.id == dialled.id) has_ended = true;
    if (event.kind == Event::Kind::kGone) is_gone = true;
    if (event.kind == Event::Kind::kRoom) has_room = true;
    if (event.kind == Event::Kind::kEnded) ended_with = event.text;
  }

  void finish_dialled() {
    is_dialled_finished = true;
    dialled.rpc.finish({});
  }

  Events events;
  RpcBytes bytes{std::size_t{1} << 30};
  std::atomic<std::uint64_t> ids{0};
  RpcServer server{{.address = "127.0.0.1:0", .refuses = [](auto) { return std::nullopt; }},
                   {events, bytes, ids}};
  RpcDialler dialler{{}, {events, bytes, ids}};
  RpcDialler::Dialled dialled = dialler.dial({server.connections().address()}, "/test.Test/Call");
  bool is_dialled_finished = false;

  Rpc* served = nullptr;
  std::vector<std::string> received;  // By the client.
  bool has_ended = false;             // As the client sees it.
  bool is_gone = false;               // As the server sees it.
  bool has_room = false;              // One of them.
  std::string ended_with;
};

TEST_CASE("an answer ends its call", "[bridge][issue-17]") {
  Rig rig;
  rig.wait_for([&] { return rig.served != nullptr; });
  rig.served->answer("the answer");
  rig.wait_for([&] { return rig.has_ended; });
  CHECK(rig.received == std::vector<std::string>{"the answer"});
  rig.finish_dialled();
  rig.wait_for([&] { return rig.server.open() == 0 && !rig.ended_with.empty(); });
  CHECK(rig.ended_with == "it has ended");
  CHECK(rig.bytes.held() == 0);
}

TEST_CASE("messages arrive whole and in order, an answer behind them last", "[bridge][issue-17]") {
  Rig rig;
  rig.wait_for([&] { return rig.served != nullptr; });
  std::vector<std::string> sent;
  for (std::size_t i = 0; i < 200; ++i) {  // Some larger than what may wait for the next one.
    sent.push_back(std::to_string(i) + std::string(i % 50 == 7 ? 200'000 : i, 'x'));
    rig.served->send(sent.back());
  }
  sent.emplace_back("the answer");
  rig.served->answer(sent.back());
  rig.wait_for([&] { return rig.has_ended; });
  CHECK(rig.received == sent);
  rig.finish_dialled();
  rig.wait_for([&] { return !rig.ended_with.empty(); });
  CHECK(rig.ended_with == "it has ended");
}

TEST_CASE("what is sent beyond the window is told when there is room again", "[bridge][issue-17]") {
  Rig rig;
  rig.wait_for([&] { return rig.served != nullptr; });
  std::size_t sent = 0;
  while (rig.served->queued_bytes() < kRpcWindow) {
    rig.served->send(std::string(100'000, 'x'));
    ++sent;
  }
  rig.wait_for([&] { return rig.has_room; });
  rig.served->finish({});
  rig.wait_for([&] { return rig.has_ended; });
  CHECK(rig.received.size() == sent);
}

TEST_CASE("an answer to a call that was cancelled reaches nobody, and leaves nothing",
          "[bridge][issue-17]") {
  Rig rig;
  rig.wait_for([&] { return rig.served != nullptr; });
  rig.finish_dialled();
  rig.wait_for([&] { return rig.is_gone; });
  rig.served->answer("too late");
  rig.wait_for([&] { return rig.server.open() == 0 && rig.dialler.open() == 0; });
  CHECK(rig.received.empty());
  CHECK(rig.bytes.held() == 0);
}

}  // namespace
}  // namespace ccbus::bridge
