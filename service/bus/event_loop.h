#pragma once

#include <array>
#include <chrono>
#include <memory>
#include <optional>

#include "service/base/assert.h"
#include "service/base/clock.h"
#include "service/base/one_thread.h"
#include "service/bus/next_state_pipe.h"
#include "service/bus/router_endpoint.h"
#include "service/bus/timer_fd.h"
#include "zmq.hpp"

namespace ccbus::bus {

// Receives what does not come in at an endpoint: the events of the pipe and the timer. It also ends
// the loop. Bus thread; must not block.
template <class Event>
class LoopListener {
 public:
  virtual ~LoopListener() = default;

  // An event that another thread sent through the next-state pipe.
  virtual void on_event(Now now, std::unique_ptr<Event> event) = 0;

  // The deadline that next_deadline() named has passed.
  virtual void on_timer(Now now) = 0;
  [[nodiscard]] virtual std::optional<SteadyTime> next_deadline() const = 0;

  // After each turn: true ends the loop.
  [[nodiscard]] virtual bool is_stopped() const = 0;
};

// The loop of the bus thread: one zmq_poll over the two ROUTERs, their monitors, the next-state
// pipe and the timer. After a poll it handles what is ready until nothing is left, or for
// kTurnsBeforePoll turns, and then polls again. Nothing that it calls may wait.
//
// It polls the descriptors of the sockets; readiness.h explains why, and when that is enough.
//
// Thread: constructed, run and destroyed on the bus thread.
template <class Event>
class EventLoop {
 public:
  // All four outlive the loop.
  EventLoop(RouterEndpoint& chaincodes, RouterEndpoint& clients, NextStatePipe<Event>& pipe,
            LoopListener<Event>& listener)
      : chaincodes_(chaincodes), clients_(clients), pipe_(pipe), listener_(listener) {
    CCBUS_ASSERT(thread_.is_current());
  }

  // Returns once the listener's is_stopped() is true.
  void run() {
    CCBUS_ASSERT(thread_.is_current());
    while (!listener_.is_stopped()) {
      wait();
      int turns = 0;
      do {
        turn();
      } while (!is_quiet() && !listener_.is_stopped() && ++turns < kTurnsBeforePoll);
    }
  }

 private:
  static constexpr int kMessagesPerTurn = 256;  // From one source, before the next one is read.
  static constexpr int kTurnsBeforePoll = 64;   // Monitors and timer are polled after that many.
  static constexpr std::chrono::milliseconds kFlushInterval{1};

  // True if no socket has anything to receive until its descriptor becomes readable.
  [[nodiscard]] bool is_quiet() const {
    return chaincodes_.readiness().is_quiet() && clients_.readiness().is_quiet() &&
           pipe_.readiness().is_quiet();
  }

  void wait() {
    if (const auto deadline = listener_.next_deadline()) timer_.arm_by(*deadline);
    for (const RouterEndpoint* endpoint : {&chaincodes_, &clients_}) {
      if (const auto due = endpoint->next_look()) timer_.arm_by(*due);
    }
    if (chaincodes_.has_backlog() || clients_.has_backlog()) {
      timer_.arm_by(std::chrono::steady_clock::now() + kFlushInterval);
    }
    std::array<zmq::pollitem_t, 6> items = {{
        {nullptr, chaincodes_.readiness().descriptor(), ZMQ_POLLIN, 0},
        {nullptr, clients_.readiness().descriptor(), ZMQ_POLLIN, 0},
        {nullptr, pipe_.readiness().descriptor(), ZMQ_POLLIN, 0},
        {nullptr, chaincodes_.monitor_descriptor(), ZMQ_POLLIN, 0},
        {nullptr, clients_.monitor_descriptor(), ZMQ_POLLIN, 0},
        {nullptr, timer_.descriptor(), ZMQ_POLLIN, 0},
    }};
    zmq::poll(items, std::chrono::milliseconds(is_quiet() ? -1 : 0));
    if (items[0].revents != 0) chaincodes_.readiness().may_have_news();
    if (items[1].revents != 0) clients_.readiness().may_have_news();
    if (items[2].revents != 0) pipe_.readiness().may_have_news();
    if (items[3].revents != 0) chaincodes_.drain_monitor(Now::read());
    if (items[4].revents != 0) clients_.drain_monitor(Now::read());
    if (items[5].revents != 0) timer_.acknowledge();
  }

  // Receives from each source that may have something, and sends what was queued.
  void turn() {
    const Now now = Now::read();
    if (!chaincodes_.readiness().is_quiet()) chaincodes_.receive(now, kMessagesPerTurn);
    if (!clients_.readiness().is_quiet()) clients_.receive(now, kMessagesPerTurn);
    if (!pipe_.readiness().is_quiet()) receive_events(now);
    if (const auto deadline = listener_.next_deadline(); deadline && *deadline <= now.steady) {
      listener_.on_timer(now);
    }
    look(chaincodes_, now);
    look(clients_, now);
    chaincodes_.flush(now);
    clients_.flush(now);
  }

  static void look(RouterEndpoint& endpoint, Now now) {
    if (const auto due = endpoint.next_look(); due && *due <= now.steady) endpoint.look(now);
  }

  void receive_events(Now now) {
    for (int count = 0; count < kMessagesPerTurn; ++count) {
      auto event = pipe_.receive();
      if (event == nullptr) return;
      listener_.on_event(now, std::move(event));
    }
  }

  RouterEndpoint& chaincodes_;
  RouterEndpoint& clients_;
  NextStatePipe<Event>& pipe_;
  LoopListener<Event>& listener_;
  const OneThread thread_;
  TimerFd timer_;
};

}  // namespace ccbus::bus
