#include "service/assembly/table_rewriter.h"

#include <spdlog/sinks/base_sink.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <future>
#include <mutex>
#include <string>
#include <vector>

#include "tests/support/ledger_rig.h"
#include "tests/support/old_tables.h"
#include "tests/support/process.h"

using namespace ccbus;
using namespace ccbus::test;
using namespace std::chrono_literals;

namespace {

// Keeps the lines of a log, and tells of the first one that ends in a text.
class AwaitedLine final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit AwaitedLine(std::string end) : end_(std::move(end)) {}

  [[nodiscard]] bool comes() {
    return has_come_.get_future().wait_for(60s) == std::future_status::ready;
  }
  // After the threads that log have ended.
  [[nodiscard]] const std::vector<std::string>& lines() const { return lines_; }

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    lines_.emplace_back(message.payload.data(), message.payload.size());
    if (lines_.back().ends_with(end_) && !std::exchange(is_told_, true)) has_come_.set_value();
  }
  void flush_() override {}

  const std::string end_;
  std::promise<void> has_come_;
  bool is_told_ = false;
  std::vector<std::string> lines_;
};

std::shared_ptr<ledger::ChannelLedger> open_in(const TemporaryDirectory& directory) {
  ledger::ChannelLedger::Options options;
  options.directory = directory.path() / "ch1";
  auto opened = ledger::ChannelLedger::open(kChannel, std::move(options));
  REQUIRE(opened);
  return std::move(*opened);
}

std::size_t old_tables_of(const ledger::ChannelLedger& ledger) {
  const auto found = ledger.old_tables();
  REQUIRE(found);
  return found->size();
}

}  // namespace

TEST_CASE("the tables of an earlier version are rewritten in the background, and it is logged",
          "[assembly][issue-14]") {
  const TemporaryDirectory directory;
  open_in(directory).reset();
  write_old_tables(directory.path() / "ch1");
  const auto ledger = open_in(directory);
  REQUIRE(old_tables_of(*ledger) == 2);

  const auto awaited = std::make_shared<AwaitedLine>("done=2");
  Logger logger(std::make_shared<spdlog::logger>("test", awaited));
  Counters counters;
  TableRewriter rewriter(logger, counters);
  rewriter.add(ledger);
  CHECK(awaited->comes());
  rewriter.stop();
  CHECK(old_tables_of(*ledger) == 0);
  CHECK(counters.get(Counter::kOldTablesFound) == 2);
  CHECK(counters.get(Counter::kOldTablesRewritten) == 2);
  CHECK(awaited->lines() == std::vector<std::string>{"ledger.rewrite channel=ch1 tables=2 done=0",
                                                     "ledger.rewrite channel=ch1 tables=2 done=2"});
}

TEST_CASE("rewriting ends with the service, and with the ledger", "[assembly][issue-14]") {
  const TemporaryDirectory directory;
  open_in(directory).reset();
  write_old_tables(directory.path() / "ch1");
  auto ledger = open_in(directory);
  const auto awaited = std::make_shared<AwaitedLine>("done=0");
  Logger logger(std::make_shared<spdlog::logger>("test", awaited));
  Counters counters;
  TableRewriter rewriter(logger, counters);
  rewriter.add(std::shared_ptr<const ledger::ChannelLedger>());
  rewriter.add(ledger);
  CHECK(awaited->comes());
  ledger.reset();  // What is under way is completed; the rest is left for the next start.
  rewriter.stop();
  rewriter.stop();
  open_in(directory);  // Nobody holds the database any more: it can be opened again.
}
