#include "service/bus/next_state_pipe.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <thread>
#include <vector>

namespace ccbus::bus {
namespace {

struct Event {
  int sender;
  int number;
};

TEST_CASE("events of several threads arrive, those of each thread in order", "[bus]") {
  constexpr int kSenders = 3;
  constexpr int kEvents = 10'000;
  zmq::context_t context;
  NextStatePipe<Event> pipe(context, "pipe", 100);  // Fewer than are sent, so that senders wait.
  std::vector<std::thread> threads;
  for (int sender = 0; sender < kSenders; ++sender) {
    threads.emplace_back([&pipe, sender] {
      auto end = pipe.open_sender();
      for (int i = 0; i < kEvents; ++i) end.send(std::make_unique<Event>(Event{sender, i}));
    });
  }
  std::vector<int> next(kSenders, 0);
  for (int received = 0; received < kSenders * kEvents;) {
    zmq::pollitem_t item{nullptr, pipe.readiness().descriptor(), ZMQ_POLLIN, 0};
    REQUIRE(zmq::poll(&item, 1, std::chrono::seconds(10)) == 1);
    while (const auto event = pipe.receive()) {
      REQUIRE(event->number == next[static_cast<std::size_t>(event->sender)]++);
      ++received;
    }
  }
  for (auto& thread : threads) thread.join();
  CHECK(pipe.receive() == nullptr);
  CHECK(pipe.under_way() == 0);
}

TEST_CASE("events that were not received are destroyed with the pipe", "[bus]") {
  struct Counted {
    explicit Counted(std::atomic<int>& alive_) : alive(alive_) { ++alive; }
    ~Counted() { --alive; }
    std::atomic<int>& alive;
  };
  std::atomic<int> alive{0};
  zmq::context_t context;
  {
    NextStatePipe<Counted> pipe(context, "pipe", 100);
    auto sender = pipe.open_sender();
    for (int i = 0; i < 10; ++i) sender.send(std::make_unique<Counted>(alive));
    CHECK(alive == 10);
    CHECK(pipe.under_way() == 10);
  }
  CHECK(alive == 0);
}

}  // namespace
}  // namespace ccbus::bus
