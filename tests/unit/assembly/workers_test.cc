#include "service/assembly/workers.h"

#include <catch2/catch.hpp>
#include <future>
#include <memory>
#include <string>
#include <vector>

namespace ccbus {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::Contains;

WorkLabel of_client(std::uint64_t id, CancellationToken cancelled = {}) {
  return {{WorkOwner::Kind::kClient, id}, std::move(cancelled)};
}

// Workers of which one stands still until the test lets it go on; this thread is the bus thread.
class HeldWorker {
 public:
  explicit HeldWorker(std::size_t waiting_max = 8, std::size_t together_max = 1,
                      std::size_t threads = 1)
      : workers({"worker", threads, waiting_max, together_max}, pipe_, counters) {
    auto stand_still = make_job(
        [this] {
          begun_.set_value();
          go_on_.get_future().wait();
        },
        [](Now) {}, [] {});
    REQUIRE(workers.submit(std::move(stand_still), {}));
    begun_.get_future().wait();
  }

  // Submits a job that writes its name to `ran` on the worker and to `ended` on the bus thread.
  bool submit(const std::string& name, WorkLabel label) {
    return workers.submit(make_job(
                              name, [this, name] { ran.push_back(name); },
                              [this](Now, const std::string& held) { ended.push_back(held); },
                              [this](const std::string& held, const Error& why) {
                                ended.push_back(held + ": " + why.message);
                              }),
                          std::move(label));
  }

  // The number of results on their way to the bus thread.
  [[nodiscard]] std::int64_t under_way() const { return pipe_.under_way(); }

  void go_on() { go_on_.set_value(); }

  // Lets the worker go on, and ends so many jobs as they come back.
  void finish(std::size_t count) {
    go_on();
    end(count);
  }

  void end(std::size_t count) {
    for (std::size_t done = 0; done < count + 1;) {
      auto event = pipe_.receive();
      if (event == nullptr) {
        std::this_thread::yield();
        continue;
      }
      std::get<std::unique_ptr<Job>>(*event)->end(Now{});
      ++done;
    }
  }

  std::vector<std::string> ran;
  std::vector<std::string> ended;
  Counters counters;

 private:
  zmq::context_t context_;
  bus::NextStatePipe<BusEvent> pipe_{context_, "next-state", 1'000};
  std::promise<void> begun_;
  std::promise<void> go_on_;

 public:
  Workers workers;
};

TEST_CASE("clients share the room for jobs, and a newcomer gets in", "[assembly]") {
  HeldWorker held(8);
  for (int i = 0; i < 4; ++i) CHECK(held.submit("a" + std::to_string(i), of_client(1)));
  CHECK_FALSE(held.submit("a4", of_client(1)));
  REQUIRE(held.ended.size() == 1);
  CHECK(held.ended[0] ==
        "a4: 4 jobs of the same peer wait for a worker, and there is room for only 4 more "
        "(limits.backgroundJobs)");
  for (const std::uint64_t client : {2, 3, 4, 5}) CHECK(held.submit("b", of_client(client)));
  CHECK_FALSE(held.submit("c", of_client(6)));
  CHECK_THAT(held.ended[1], Contains("limits.backgroundJobs is reached"));
  CHECK(held.submit("own", {}));  // What the service wants itself is not refused.
  held.finish(9);
}

TEST_CASE("owners of jobs take turns", "[assembly]") {
  HeldWorker held(1'000);
  for (int i = 0; i < 100; ++i) REQUIRE(held.submit("greedy", of_client(1)));
  REQUIRE(held.submit("newcomer", of_client(2)));
  REQUIRE(held.submit("chaincode", {{WorkOwner::Kind::kChaincode, 1}, {}}));
  held.finish(102);
  CHECK(held.ran[0] == "greedy");
  CHECK(held.ran[1] == "newcomer");
  CHECK(held.ran[2] == "chaincode");
}

TEST_CASE("jobs that nobody needs any more are not run, and the next one does not wait for them",
          "[assembly]") {
  HeldWorker held(1'000);
  CancellationSource gone;
  for (int i = 0; i < 100; ++i) REQUIRE(held.submit("expired", of_client(1, gone.token())));
  REQUIRE(held.submit("wanted", of_client(1)));
  gone.cancel();
  held.finish(101);
  CHECK(held.ran == std::vector<std::string>{"wanted"});
  REQUIRE(held.ended.size() == 101);
  CHECK(held.ended[0] == "expired: nobody waits for the answer");
  CHECK(held.counters.get(Counter::kWorkSkipped) == 100);
}

TEST_CASE("a job that throws on a worker is dropped with the reason, and others go on",
          "[assembly]") {
  HeldWorker held;
  std::string why;
  REQUIRE(held.workers.submit(make_job(
                                  0, []() -> int { throw std::bad_alloc(); }, [](Now, int, int) {},
                                  [&why](int, const Error& error) { why = error.message; }),
                              of_client(1)));
  REQUIRE(held.submit("next", of_client(1)));
  held.finish(2);
  CHECK(why == "out of memory");
  CHECK(held.ran == std::vector<std::string>{"next"});
}

TEST_CASE("work that a thread takes at once comes back together", "[assembly][issue-14]") {
  HeldWorker held(8, 3);
  std::vector<std::int64_t> results_before;  // Those of earlier work, when each job runs.
  std::promise<void> ran;
  constexpr std::size_t kJobs = 4;
  for (std::size_t i = 0; i < kJobs; ++i) {
    REQUIRE(held.workers.submit(make_job(
                                    [&] {
                                      results_before.push_back(held.under_way());
                                      if (results_before.size() == kJobs) ran.set_value();
                                    },
                                    [](Now) {}, [] {}),
                                of_client(1)));
  }
  held.go_on();
  ran.get_future().wait();
  CHECK(results_before == std::vector<std::int64_t>{1, 1, 1, 4});
  held.end(kJobs);
}

TEST_CASE("another thread begins what waits behind a long piece of short work",
          "[assembly][issue-16]") {
  constexpr std::size_t kTogether = 8;
  HeldWorker held(8, kTogether, 2);
  std::promise<void> ran;
  std::size_t left = kTogether / 2;
  for (std::size_t i = left; i > 0; --i) {
    REQUIRE(held.workers.submit(make_job(
                                    [&] {
                                      if (--left == 0) ran.set_value();
                                    },
                                    [](Now) {}, [] {}),
                                of_client(1)));
  }
  ran.get_future().wait();  // While the first thread stands still.
  held.finish(kTogether / 2);
}

TEST_CASE("jobs that wait when the workers stop are handed back", "[assembly]") {
  HeldWorker held;
  REQUIRE(held.submit("waiting", of_client(1)));
  auto stopped = std::async(std::launch::async, [&held] { return held.workers.stop(); });
  while (held.submit("probe", {})) {  // Is refused once the workers are stopping.
  }
  CHECK_THAT(held.ended.back(), Contains("shutting down"));
  held.finish(0);
  held.ended.clear();
  for (const auto& job : stopped.get()) job->drop({ErrorCode::kUnavailable, "stopped"});
  CHECK(held.ran.empty());
  CHECK_THAT(held.ended, Catch::Matchers::VectorContains(std::string("waiting: stopped")));
}

}  // namespace
}  // namespace ccbus
