#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace ccbus::shim {

// The threads of which one has the stream. Another one goes on with it when the chaincode holds
// that thread for long.
class StreamThreads {
 public:
  enum class Outcome {
    kTaken,  // The stream has been taken away; this thread can have it again later.
    kEnded,  // The stream has ended for good.
  };

  // `have_stream` runs the stream on the thread that has it, until one of the outcomes.
  StreamThreads(std::size_t threads_max, std::function<Outcome()> have_stream);
  StreamThreads(const StreamThreads&) = delete;
  StreamThreads& operator=(const StreamThreads&) = delete;
  ~StreamThreads();  // join() must have returned, or start() never have been called.

  // Starts the first thread, which has the stream.
  void start();

  // Makes sure that a thread waits for the stream. Returns false if there are threads_max already,
  // or no more can be started. One thread at a time.
  [[nodiscard]] bool prepare();

  // Gives the stream to the thread that waits.
  void pass_on();

  // Waits for the end of the stream and of all threads. prepare() must not be called any more once
  // this has begun to join, which `before_joining` sees to.
  void join(const std::function<void()>& before_joining);

 private:
  void run();

  // Set once.
  const std::size_t threads_max_;
  const std::function<Outcome()> have_stream_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::thread> threads_;  // Guarded by mutex_.
  std::size_t busy_ = 0;              // Guarded by mutex_. Those that do not wait for the stream.
  bool free_ = true;                  // Guarded by mutex_. Nobody has the stream.
  bool ended_ = false;                // Guarded by mutex_.
};

}  // namespace ccbus::shim
