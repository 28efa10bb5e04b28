#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>

namespace ccbus::shim {

// Watches how long the chaincode's code holds the thread that has the stream, and can take the
// stream away from that thread while it does. Whoever has the stream may use all that belongs to
// it.
//
// The stream's thread calls enter() before the chaincode's code runs on it and leave() as soon as
// that code has called the SDK or returned. Between the two the watch may take the stream.
class TurnWatch {
 public:
  using Turn = std::uint64_t;

  // Both are called on the watch's thread. `prepare` says whether somebody can go on with the
  // stream. `taken` is called when the watch has taken it, and passes it on.
  struct Replacement {
    std::function<bool()> prepare;
    std::function<void()> taken;
  };

  TurnWatch(std::chrono::milliseconds turn_max, Replacement replacement);
  TurnWatch(const TurnWatch&) = delete;
  TurnWatch& operator=(const TurnWatch&) = delete;
  ~TurnWatch();  // Calls stop().

  void start();
  void stop();  // Joins the watch's thread. Any thread but that one.

  // The thread that has the stream.
  [[nodiscard]] Turn enter();

  // The thread that has entered. Returns false if the stream has been taken: it belongs to another
  // thread now.
  [[nodiscard]] bool leave(Turn turn);

 private:
  void watch();
  void look(std::chrono::nanoseconds since_last);
  void park();

  // Set once.
  const std::chrono::nanoseconds turn_max_;
  const std::chrono::nanoseconds between_looks_;
  const Replacement replacement_;

  // The thread that has the stream.
  Turn last_ = 0;

  std::atomic<Turn> current_ = 0;  // Odd: code of the chaincode runs in this turn.
  std::atomic<bool> parked_ = false;

  // The watch's thread.
  Turn seen_ = 0;
  std::chrono::nanoseconds seen_for_{0};

  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;  // Guarded by mutex_.
  std::thread thread_;
};

}  // namespace ccbus::shim
