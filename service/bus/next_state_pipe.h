#pragma once

#include <atomic>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "service/base/assert.h"
#include "service/base/one_thread.h"
#include "service/bus/readiness.h"
#include "zmq.hpp"

namespace ccbus::bus {

// The only way for another thread to reach the bus thread: an inproc pipe that hands over events
// with their ownership. The events of one sender arrive in order.
//
// The receiving end belongs to the bus thread. Each other thread opens its own sender and does not
// share it, since a ZeroMQ socket belongs to one thread. An event travels as a pointer in a frame
// of eight bytes; the receiver owns it.
template <class Event>
class NextStatePipe {
 public:
  // The sending end of one thread: created, used and destroyed on that thread. The pipe outlives
  // it.
  class Sender {
   public:
    // Waits only while the pipe is full, so never call it on the bus thread.
    void send(std::unique_ptr<Event> event) {
      const bool sent = push(std::move(event), zmq::send_flags::none);
      CCBUS_ASSERT(sent);
    }

    // Returns false, and destroys the event, if the pipe is full. Never waits.
    [[nodiscard]] bool try_send(std::unique_ptr<Event> event) {
      return push(std::move(event), zmq::send_flags::dontwait);
    }

   private:
    friend class NextStatePipe;
    Sender(zmq::context_t& context, const std::string& address, int events_max,
           std::atomic<std::int64_t>& under_way)
        : socket_(context, zmq::socket_type::push), under_way_(under_way) {
      socket_.set(zmq::sockopt::sndhwm, events_max);
      socket_.set(zmq::sockopt::linger, -1);  // Closing the sender drops nothing that was sent.
      socket_.connect(address);
    }

    bool push(std::unique_ptr<Event> event, zmq::send_flags flags) {
      CCBUS_ASSERT(event != nullptr);
      Event* raw = event.get();
      zmq::message_t frame(&raw, sizeof raw);
      under_way_.fetch_add(1, std::memory_order_release);
      if (!socket_.send(frame, flags)) {
        under_way_.fetch_sub(1, std::memory_order_relaxed);
        return false;
      }
      static_cast<void>(event.release());
      return true;
    }

    zmq::socket_t socket_;
    std::atomic<std::int64_t>& under_way_;
  };

  // `name` is unique among the pipes of one context. Throws zmq::error_t if it is in use.
  NextStatePipe(zmq::context_t& context, const std::string& name, int events_max)
      : context_(context),
        address_("inproc://" + name),
        events_max_(events_max),
        socket_(context, zmq::socket_type::pull),
        readiness_(socket_) {
    socket_.set(zmq::sockopt::rcvhwm, events_max);
    socket_.set(zmq::sockopt::linger, 0);
    socket_.bind(address_);
  }
  NextStatePipe(const NextStatePipe&) = delete;
  NextStatePipe& operator=(const NextStatePipe&) = delete;

  // Destroys the events that were sent and not received. No thread uses the pipe any more.
  ~NextStatePipe() {
    while (take() != nullptr) {
    }
  }

  // Any thread. The sender belongs to the thread that called.
  [[nodiscard]] Sender open_sender() { return Sender(context_, address_, events_max_, under_way_); }

  // Returns the next event, or null if there is none. Bus thread; never blocks.
  [[nodiscard]] std::unique_ptr<Event> receive() {
    CCBUS_ASSERT(thread_.is_current());
    return take();
  }

  // The number of events sent and not yet received. Any thread.
  [[nodiscard]] std::int64_t under_way() const {
    return under_way_.load(std::memory_order_relaxed);
  }

  // Bus thread.
  [[nodiscard]] Readiness& readiness() { return readiness_; }

 private:
  [[nodiscard]] std::unique_ptr<Event> take() {
    zmq::message_t frame;
    if (!socket_.recv(frame, zmq::recv_flags::dontwait)) {
      readiness_.found_nothing();
      return nullptr;
    }
    CCBUS_ASSERT(frame.size() == sizeof(Event*));
    under_way_.fetch_sub(1, std::memory_order_acquire);
    Event* raw = nullptr;
    std::memcpy(&raw, frame.data(), sizeof raw);
    return std::unique_ptr<Event>(raw);
  }

  zmq::context_t& context_;
  const std::string address_;
  const int events_max_;
  const OneThread thread_;  // The one that receives.
  zmq::socket_t socket_;
  Readiness readiness_;

  // Counts what is under way. Its release and acquire also show to tools that do not see into
  // libzmq, such as ThreadSanitizer, that what a sender did happens before what the receiver does.
  std::atomic<std::int64_t> under_way_{0};
};

}  // namespace ccbus::bus
