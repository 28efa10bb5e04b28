// A channel whose disk fails, is nearly full, and works again; and one whose log does so.
#include <catch2/catch.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "service/assembly/committer.h"
#include "service/ledger/block/rwset.h"
#include "service/ordering/log/embedded_log.h"
#include "tests/support/faulty_env.h"
#include "tests/support/process.h"
#include "tests/support/simulated_log.h"
#include "tests/support/transaction_parts.h"

using namespace ccbus;
using namespace ccbus::test;

namespace {

using namespace std::chrono_literals;
using Catch::Matchers::Contains;

const ChannelId kChannel{"ch1"};

// One channel on a disk that can fail. The events that the bus would hear of are texts.
struct Channel {
  FaultyEnv disk;
  Config config;
  zmq::context_t context;
  bus::NextStatePipe<BusEvent> pipe{context, "events", 1'000};
  std::shared_ptr<Logger> logger = make_silent_logger();
  Counters counters;
  std::vector<std::string> events;
  std::optional<Committer> committer;
  int starts = 0;

  void start() {
    auto ledger = open();
    ChannelLog embedded{std::make_unique<ordering::EmbeddedLog>(ledger->position())};
    committer.emplace(config, std::move(ledger), std::move(embedded), pipe, *logger, counters);
  }
  // With a log that others share.
  void start(SimulatedTopic& topic) {
    auto ledger = open();
    auto state = ordering::decode_log_state(ledger->log_state().value()).value();
    SimulatedLog::Options options{
        {kChannel, state.generation}, ledger->position(), state.entry_hash};
    ChannelLog log{
        std::make_unique<SimulatedLog>(topic, std::move(options)), std::move(state),
        ordering::LogFeed::Member{"a", std::to_string(1'000'000'000'000'000 + ++starts), {}}};
    committer.emplace(config, std::move(ledger), std::move(log), pipe, *logger, counters);
  }

  Result<void> order(const std::string& name) {
    ledger::RwsetBuilder writes;
    writes.add_write("basic", name, "value");
    const TransactionParts parts(kChannel, name, writes.build());
    return committer->channel().orderer->broadcast(parts.envelope());
  }

  // Takes what the bus would hear of until there are `count` events.
  void hear(std::size_t count) {
    wait([&] {
      while (const auto event = pipe.receive()) events.push_back(describe(*event));
      return events.size() >= count;
    });
  }

  static void wait(const std::function<bool()>& condition) {
    const auto deadline = std::chrono::steady_clock::now() + 60s;
    while (!condition()) {
      REQUIRE(std::chrono::steady_clock::now() < deadline);
      std::this_thread::yield();
    }
  }

 private:
  std::unique_ptr<ledger::ChannelLedger> open() {
    ledger::ChannelLedger::Options options;
    options.directory = "/ledger";
    options.env = disk.env();
    auto opened = ledger::ChannelLedger::open(kChannel, options);
    REQUIRE(opened);
    return std::move(*opened);
  }

  static std::string describe(const BusEvent& event) {
    if (const auto* block = std::get_if<ledger::BlockCommitted>(&event)) {
      std::string text = "block " + std::to_string(block->number);
      for (const auto& transaction : block->transactions) {
        text += " " + transaction.tx_id.value.substr(0, 8) + " " +
                protos::TxValidationCode_Name(transaction.code);
      }
      return text;
    }
    if (const auto* closed = std::get_if<LedgerClosed>(&event)) {
      return "closed " + closed->channel.value;
    }
    if (const auto* halted = std::get_if<LogHalted>(&event))
      return "halted " + halted->channel.value;
    if (const auto* stop = std::get_if<StopRequested>(&event)) return "stop " + stop->reason;
    return "another event";
  }
};

std::string valid(std::uint64_t block, const std::string& name) {
  return "block " + std::to_string(block) + " " + tx_id_of(name).value.substr(0, 8) + " VALID";
}

using Events = std::vector<std::string>;

}  // namespace

TEST_CASE("a full disk closes the channel; once there is room, what was ordered is committed",
          "[service][issue-13]") {
  Channel channel;
  channel.start();
  REQUIRE(channel.order("first"));
  channel.hear(1);
  channel.disk.fail_call(0, FaultyEnv::Error::kNoSpace, true);
  REQUIRE(channel.order("second"));
  channel.hear(2);
  CHECK(channel.events == Events{valid(0, "first"), "closed ch1"});

  const auto refused = channel.order("third");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::kUnavailable);
  CHECK_THAT(refused.error().message,
             Contains("the ledger of channel ch1 is closed") && Contains("the disk is full"));
  CHECK_FALSE(channel.committer->metrics().closed.empty());
  CHECK_FALSE(channel.committer->metrics().failed);
  CHECK(channel.committer->metrics().height == 1);
  CHECK(channel.counters.get(Counter::kLedgersReopened) == 0);

  channel.disk.repair();
  channel.hear(3);
  CHECK(channel.events.back() == valid(1, "second"));
  CHECK(channel.counters.get(Counter::kLedgersReopened) == 1);
  CHECK(channel.committer->metrics().closed.empty());
  REQUIRE(channel.order("third"));
  channel.hear(4);
  CHECK(channel.events.back() == valid(2, "third"));
}

TEST_CASE("a channel whose database somebody still reads is opened again when it is let go",
          "[service][issue-13]") {
  Channel channel;
  channel.start();
  REQUIRE(channel.order("first"));
  channel.hear(1);
  auto view = channel.committer->channel().ledger->snapshot();
  channel.disk.fail_call(0, FaultyEnv::Error::kIo, false);
  REQUIRE(channel.order("second"));
  Channel::wait([&] {
    const std::string closed = channel.committer->metrics().closed;
    return closed.find("readers still use the database") != std::string::npos;
  });
  CHECK(channel.counters.get(Counter::kLedgersReopened) == 0);
  view.reset();
  channel.hear(3);
  CHECK(channel.events == Events{valid(0, "first"), "closed ch1", valid(1, "second")});
}

TEST_CASE("a channel can be stopped while its disk is full, and nothing is reported",
          "[service][issue-13]") {
  Channel channel;
  channel.start();
  channel.disk.fail_call(0, FaultyEnv::Error::kNoSpace, true);
  REQUIRE(channel.order("first"));
  channel.hear(1);
  channel.committer->stop();
  while (const auto event = channel.pipe.receive()) FAIL("an event after the stop");
  CHECK(channel.events == Events{"closed ch1"});
  // What the disk holds decides at the next start.
  channel.committer.reset();
  channel.disk.repair();
  channel.start();
  CHECK(channel.committer->metrics().height <= 1);
}

TEST_CASE("below the floor of free space transactions are refused by name", "[service][issue-13]") {
  const TemporaryDirectory directory;
  Channel channel;
  channel.config.ledger_directory = directory.path();
  channel.config.limits.disk_free_bytes_min = std::uint64_t{1} << 60;
  channel.start();
  Result<void> ordered;
  Channel::wait([&] {
    ordered = channel.order("tx");
    return !ordered;
  });
  CHECK(ordered.error().code == ErrorCode::kExhausted);
  CHECK_THAT(ordered.error().message,
             Contains(directory.path().string() + " has ") &&
                 Contains(" bytes free, limit 1152921504606846976 (limits.diskFreeBytes)"));
  CHECK(channel.committer->metrics().closed.empty());  // What was ordered before is committed.
}

TEST_CASE("a log that is out of reach is told, and goes on when it is reached",
          "[service][issue-18]") {
  SimulatedTopic topic;
  Channel channel;
  channel.start(topic);
  REQUIRE(channel.order("first"));
  channel.hear(1);
  topic.cut(true);
  channel.hear(2);
  CHECK(channel.events == Events{valid(0, "first"), "halted ch1"});
  CHECK(channel.committer->metrics().log->fault == "the simulated topic is cut off");
  const auto refused = channel.order("second");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::kUnavailable);
  topic.cut(false);
  Channel::wait([&] { return channel.order("third").has_value(); });
  channel.hear(3);
  CHECK(channel.events.back() == valid(1, "third"));
}

// What the rules and the log need is written with each block.
TEST_CASE("a committer goes on in a shared log where its ledger is", "[service][issue-18]") {
  SimulatedTopic topic;
  Channel channel;
  channel.start(topic);
  REQUIRE(channel.order("first"));
  channel.hear(1);
  channel.committer.reset();
  channel.start(topic);
  REQUIRE(channel.order("second"));
  channel.hear(2);
  CHECK(channel.events == Events{valid(0, "first"), valid(1, "second")});
  SECTION("unless that has lost what is applied") {
    channel.committer.reset();
    topic.make_anew();
    channel.start(topic);
    SimulatedLog other(topic, {{kChannel, "another, sixteen"}});
    for (std::uint64_t i = 1; i <= 9; ++i) other.append({{"b", 1, i}, ordering::Barrier{}});
    Channel::wait([&] { return !channel.committer->metrics().halted.empty(); });
    CHECK_THAT(channel.committer->metrics().halted,
               Contains("the log has lost entries, or was made anew"));
    CHECK(channel.committer->metrics().height == 2);
    CHECK_FALSE(channel.order("third"));
  }
}
