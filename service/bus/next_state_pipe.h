#pragma once

#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "service/assert.h"
#include "service/bus/readiness.h"
#include "zmq.hpp"

namespace ccbus::bus {

// The one door into the bus thread: an inproc pipe that hands over owned events, in order.
//
// The receiving end belongs to the bus thread. Each other thread opens a sender of its own and
// keeps it to itself, since a ZeroMQ socket belongs to one thread. An event travels as a pointer
// in a frame of eight bytes; whoever takes it out owns it.
template <class Event>
class NextStatePipe {
 public:
  // One thread's sending end, made, used and dropped on that thread. The pipe outlives it.
  class Sender {
   public:
    // Waits only while the pipe is full, so never call it on the bus thread.
    void send(std::unique_ptr<Event> event) {
      CCBUS_ASSERT(event != nullptr);
      Event* raw = event.get();
      zmq::message_t frame(&raw, sizeof raw);
      const auto sent = socket_.send(frame, zmq::send_flags::none);
      CCBUS_ASSERT(sent.has_value());
      static_cast<void>(event.release());
    }

   private:
    friend class NextStatePipe;
    Sender(zmq::context_t& context, const std::string& address, int events_max)
        : socket_(context, zmq::socket_type::push) {
      socket_.set(zmq::sockopt::sndhwm, events_max);
      socket_.set(zmq::sockopt::linger, -1);  // An event once sent reaches the bus.
      socket_.connect(address);
    }

    zmq::socket_t socket_;
  };

  // `name` tells pipes of one context apart. Throws zmq::error_t if it is taken.
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

  // Drops what nobody took.
  ~NextStatePipe() {
    while (receive() != nullptr) {
    }
  }

  // Any thread; the sender stays on the one that called.
  [[nodiscard]] Sender open_sender() { return Sender(context_, address_, events_max_); }

  // The next event, or null. Bus thread; never blocks.
  [[nodiscard]] std::unique_ptr<Event> receive() {
    zmq::message_t frame;
    if (!socket_.recv(frame, zmq::recv_flags::dontwait)) {
      readiness_.found_nothing();
      return nullptr;
    }
    CCBUS_ASSERT(frame.size() == sizeof(Event*));
    Event* raw = nullptr;
    std::memcpy(&raw, frame.data(), sizeof raw);
    return std::unique_ptr<Event>(raw);
  }

  // Bus thread.
  [[nodiscard]] Readiness& readiness() { return readiness_; }

 private:
  zmq::context_t& context_;
  const std::string address_;
  const int events_max_;
  zmq::socket_t socket_;
  Readiness readiness_;
};

}  // namespace ccbus::bus
