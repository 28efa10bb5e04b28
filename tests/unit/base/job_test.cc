#include "service/base/job.h"

#include <catch2/catch.hpp>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>

namespace ccbus {
namespace {

// A job whose run() does `what`; how it ended is written to `ended`.
std::unique_ptr<Job> job_of(std::function<int()> what, std::string& ended) {
  return make_job(
      std::make_unique<int>(7), std::move(what),
      [&ended](Now, std::unique_ptr<int> held, int made) {
        ended = "finished " + std::to_string(made) + ", held " + std::to_string(*held);
      },
      [&ended](std::unique_ptr<int> held, const Error& why) {
        ended = "dropped: " + why.message + ", held " + std::to_string(*held);
      });
}

TEST_CASE("a job that was run is finished with its result", "[base]") {
  std::string ended;
  auto job = job_of([] { return 1; }, ended);
  job->carry_out();
  CHECK(ended.empty());
  job->end(Now{});
  CHECK(ended == "finished 1, held 7");
}

TEST_CASE("a job that throws, or is skipped, is dropped with the reason", "[base]") {
  std::string ended;
  SECTION("no memory") {
    auto job = job_of([]() -> int { throw std::bad_alloc(); }, ended);
    job->carry_out();
    job->end(Now{});
    CHECK(ended == "dropped: out of memory, held 7");
  }
  SECTION("another exception") {
    auto job = job_of([]() -> int { throw std::runtime_error("no such thing"); }, ended);
    job->carry_out();
    job->end(Now{});
    CHECK(ended == "dropped: the job failed: no such thing, held 7");
  }
  SECTION("skipped") {
    auto job = job_of([] { return 1; }, ended);
    job->skip();
    job->end(Now{});
    CHECK(ended == "dropped: nobody waits for the answer, held 7");
  }
}

TEST_CASE("a token is cancelled by its source, and when its source is destroyed", "[base]") {
  auto source = std::make_unique<CancellationSource>();
  const CancellationToken token = source->token();
  const CancellationToken never;
  CHECK_FALSE(token.is_cancelled());
  source.reset();
  CHECK(token.is_cancelled());
  CHECK_FALSE(never.is_cancelled());
}

}  // namespace
}  // namespace ccbus
