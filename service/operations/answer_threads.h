#pragma once

#include <array>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "service/base/mutex.h"
#include "service/operations/http_message.h"

namespace ccbus::operations {

// The threads that compute responses, so that a request that waits for the bus thread holds up no
// other connection.
//
// Requests with the same answer (GET of one path with the same parameters, by clients that show the
// same) that wait at the same
// time are computed once: however many clients ask, each distinct question is asked once at a time.
// Health checks have a thread of their own, so that they never wait behind other requests.
//
// Thread: every function may be called on any thread.
class AnswerThreads {
 public:
  enum class Lane { kHealth, kOther };
  using Answer = std::function<HttpResponse(const HttpRequest&)>;
  // Called once, on one of the threads or, from stop(), on the thread that stops.
  using Done = std::function<void(std::shared_ptr<const HttpResponse>)>;

  // `answer` is called on several threads at once; an exception from it becomes a status of 500.
  explicit AnswerThreads(Answer answer);
  ~AnswerThreads() { stop(); }
  AnswerThreads(const AnswerThreads&) = delete;
  AnswerThreads& operator=(const AnswerThreads&) = delete;

  // Returns false if too many different questions wait, or after stop(); `done` is then not called.
  [[nodiscard]] bool submit(Lane lane, HttpRequest request, Done done) CCBUS_EXCLUDES(mutex_);

  // Answers what waits with 503, and waits for the responses that are being computed.
  void stop() CCBUS_EXCLUDES(mutex_);

 private:
  struct Question {
    HttpRequest request;
    std::vector<Done> waiting;
  };
  using Queue = std::deque<Question>;

  static constexpr std::size_t kLanes = 2;

  void run(std::size_t lane) CCBUS_EXCLUDES(mutex_);
  [[nodiscard]] HttpResponse computed(const HttpRequest& request) const;

  const Answer answer_;
  Mutex mutex_;
  Condition changed_;
  std::array<Queue, kLanes> queues_ CCBUS_GUARDED_BY(mutex_);
  bool stopping_ CCBUS_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;  // Last: they use all of the above.
};

}  // namespace ccbus::operations
