#include "service/operations/answer_threads.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "service/base/thread_name.h"

namespace ccbus::operations {
namespace {

constexpr std::size_t kOtherThreads = 3;
constexpr std::size_t kQuestionsMax = 64;  // Waiting in one lane; equal ones count once.

bool same_answer(const HttpRequest& one, const HttpRequest& other) {
  return one.method == "GET" && other.method == "GET" && one.path == other.path &&
         one.parameters == other.parameters && one.authorizations == other.authorizations &&
         one.has_client_certificate == other.has_client_certificate;
}

}  // namespace

AnswerThreads::AnswerThreads(Answer answer) : answer_(std::move(answer)) {
  threads_.emplace_back([this] { run(static_cast<std::size_t>(Lane::kHealth)); });
  for (std::size_t i = 0; i < kOtherThreads; ++i) {
    threads_.emplace_back([this] { run(static_cast<std::size_t>(Lane::kOther)); });
  }
}

bool AnswerThreads::submit(Lane lane, HttpRequest request, Done done) {
  const MutexLock lock(mutex_);
  if (stopping_) return false;
  Queue& queue = queues_[static_cast<std::size_t>(lane)];
  const auto same = std::ranges::find_if(
      queue, [&](const Question& question) { return same_answer(question.request, request); });
  if (same != queue.end()) {
    same->waiting.push_back(std::move(done));
    return true;
  }
  if (queue.size() >= kQuestionsMax) return false;
  Question& question = queue.emplace_back();
  question.request = std::move(request);
  question.waiting.push_back(std::move(done));
  changed_.notify_all();
  return true;
}

void AnswerThreads::run(std::size_t lane) {
  name_this_thread("http answers");
  while (true) {
    Question question;
    {
      const MutexLock lock(mutex_);
      while (queues_[lane].empty() && !stopping_) changed_.wait(mutex_);
      if (stopping_) return;
      question = std::move(queues_[lane].front());
      queues_[lane].pop_front();
    }
    const auto response = std::make_shared<const HttpResponse>(computed(question.request));
    for (const Done& done : question.waiting) done(response);
  }
}

HttpResponse AnswerThreads::computed(const HttpRequest& request) const {
  try {
    return answer_(request);
  } catch (const std::exception&) {
    return {500, "application/json", "{\"error\":\"the response could not be computed\"}\n", ""};
  }
}

void AnswerThreads::stop() {
  std::array<Queue, kLanes> left;
  {
    const MutexLock lock(mutex_);
    if (stopping_) return;
    stopping_ = true;
    left.swap(queues_);
    changed_.notify_all();
  }
  const auto response = std::make_shared<const HttpResponse>(
      HttpResponse{503, "application/json", "{\"error\":\"the service is stopping\"}\n", ""});
  for (const Queue& queue : left) {
    for (const Question& question : queue) {
      for (const Done& done : question.waiting) done(response);
    }
  }
  for (std::thread& thread : threads_) thread.join();
}

}  // namespace ccbus::operations
