#include "service/assembly/watched_service.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>
#include <vector>

#include "service/base/job.h"

using namespace ccbus;

namespace {

// A service without channels. The test's thread is the bus thread: it stands still, or serve()s.
struct Service {
  void serve() {
    while (const auto event = pipe.receive()) {
      if (auto* job = std::get_if<std::unique_ptr<Job>>(&*event)) {
        (*job)->carry_out();
        (*job)->end(Now::read());
      }
    }
  }

  Config config;
  zmq::context_t context;
  bus::NextStatePipe<BusEvent> pipe{context, "events", 1'000};
  std::shared_ptr<Logger> logger = make_silent_logger();
  Counters counters;
  chaincode::LabelledShimMetrics shim;
  chaincode::NextStateMetrics next_states;
  ccbus::gateway::EndorserMetrics endorser;
  ChannelSet channels{in_memory(config), 0, pipe, *logger, counters};
  WatchedService watched{
      {config, pipe, channels, {counters, shim, next_states, endorser}, {}, *logger},
      {[](Now) {
         ccbus::StatusResponse status;
         status.set_version("9.9");
         return status;
       },
       [](Now, operations::Page page) {
         operations::Connections connections;
         connections.handlers_total = page.offset;
         return connections;
       }}};

  static const Config& in_memory(Config& config) {
    config.ledger_directory.reset();
    return config;
  }
};

TEST_CASE("a bus thread that stands still is named by every one of several health checks",
          "[assembly][issue-13]") {
  Service service;
  std::vector<std::thread> threads;
  std::vector<std::vector<operations::FailedCheck>> failed(4);
  for (auto& checks : failed) {
    threads.emplace_back([&] { checks = service.watched.failed_checks(); });
  }
  for (std::thread& thread : threads) thread.join();
  for (const auto& checks : failed) {
    REQUIRE(checks.size() == 1);
    CHECK(checks[0].component == "bus");
    CHECK_THAT(checks[0].reason, Catch::Contains("has not answered for 1000 ms"));
  }
  service.serve();  // Too late for those who asked, but nothing is left behind.
  CHECK(service.pipe.under_way() == 0);
}

TEST_CASE("questions of several threads at once are each answered", "[assembly][issue-13]") {
  constexpr std::size_t kThreads = 4;
  constexpr std::size_t kQuestions = 200;
  Service service;
  std::atomic<std::size_t> running = kThreads;
  std::atomic<std::size_t> right = 0;
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      for (std::size_t n = 0; n < kQuestions; ++n) {
        const auto connections = service.watched.connections({i * kQuestions + n, 1});
        const auto status = service.watched.status();
        right += connections && connections->handlers_total == i * kQuestions + n ? 1 : 0;
        right += status && status->version() == "9.9" ? 1 : 0;
      }
      --running;
    });
  }
  while (running != 0) service.serve();
  for (std::thread& thread : threads) thread.join();
  CHECK(right == 2 * kThreads * kQuestions);
}

}  // namespace
