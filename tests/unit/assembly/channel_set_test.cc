#include "service/assembly/channel_set.h"

#include <catch2/catch.hpp>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "service/ledger/block/rwset.h"
#include "tests/support/process.h"
#include "tests/support/transaction_parts.h"

using namespace ccbus;
using namespace ccbus::test;

namespace {

const ChannelId kFirst{"first"};
const ChannelId kSecond{"second"};

// The channels of a service on a disk; one after the other can be opened there.
struct Service {
  explicit Service(const TemporaryDirectory& directory) : channels(begun(directory)) {}

  ChannelSet& begun(const TemporaryDirectory& directory) {
    config.ledger_directory = directory.path();
    config.channels = {kFirst.value};
    return set.emplace(config, descriptors, pipe, *logger, counters);
  }

  void order(const ChannelId& channel, const std::string& name) {
    ledger::RwsetBuilder writes;
    writes.add_write("basic", name, "value");
    const TransactionParts parts(channel, name, writes.build());
    REQUIRE(channels.find(channel).orderer->broadcast(parts.envelope()));
  }

  // Commits what was ordered; "<channel> <block> <transactions>" for each block that the bus hears
  // of.
  std::vector<std::string> stop() {
    channels.stop();
    std::vector<std::string> blocks;
    while (const auto event = pipe.receive()) {
      const auto& block = std::get<ledger::BlockCommitted>(*event);
      blocks.push_back(block.channel.value + " " + std::to_string(block.number) + " " +
                       std::to_string(block.transactions.size()));
    }
    return blocks;
  }

  Config config;
  std::size_t descriptors = 6'000;
  zmq::context_t context;
  bus::NextStatePipe<BusEvent> pipe{context, "events", 1'000};
  std::shared_ptr<Logger> logger = make_silent_logger();
  Counters counters;
  std::optional<ChannelSet> set;
  ChannelSet& channels;
};

using Blocks = std::vector<std::string>;

}  // namespace

TEST_CASE("what is ordered is committed, and the bus hears of every block", "[assembly]") {
  const TemporaryDirectory directory;
  Service service(directory);
  REQUIRE(service.channels.make(kSecond, {}, {}));
  service.order(kSecond, "a");
  CHECK(service.stop() == Blocks{"second 0 1"});
  const auto metrics = service.channels.metrics();
  REQUIRE(metrics.size() == 2);
  CHECK(metrics[0].height == 0);
  CHECK(metrics[1].channel == kSecond);
  CHECK(metrics[1].height == 1);
  CHECK(metrics[1].waiting == 0);
  REQUIRE(metrics[1].transactions.size() == 2);  // The last one counts what has other labels.
  CHECK(metrics[1].transactions[0].validation_code == "VALID");
  CHECK(metrics[1].transactions[0].count == 1);
}

TEST_CASE("channels that were made stay, and their logs go on where they were", "[assembly]") {
  const TemporaryDirectory directory;
  {
    Service service(directory);
    REQUIRE(service.channels.make(kSecond, {}, {}));
    service.order(kSecond, "a");
    CHECK(service.stop() == Blocks{"second 0 1"});
  }
  Service service(directory);
  CHECK(service.channels.channels().size() == 2);
  const auto ledger = service.channels.find(kSecond).ledger;
  CHECK(ledger->position() == LogPosition{1});
  service.order(kSecond, "b");
  CHECK(service.stop() == Blocks{"second 1 1"});
  CHECK(ledger->position() == LogPosition{2});
}

TEST_CASE("a channel that is replaced begins anew, with its log", "[assembly]") {
  const TemporaryDirectory directory;
  Service service(directory);
  service.order(kFirst, "a");
  REQUIRE(service.channels.replace(kFirst, {}, {}));
  const auto ledger = service.channels.find(kFirst).ledger;
  CHECK(ledger->height() == 0);
  service.order(kFirst, "b");
  CHECK(service.stop() == Blocks{"first 0 1", "first 0 1"});
  CHECK(ledger->position() == LogPosition{1});
}

TEST_CASE("a channel that is replaced keeps its state database", "[assembly][row-170]") {
  const TemporaryDirectory directory;
  Service service(directory);
  REQUIRE(service.channels.make(kSecond, {{}, StateDatabase::kCouchDb}, {}));
  REQUIRE(service.channels.replace(kSecond, {}, {}));
  CHECK(service.channels.find(kSecond).ledger->state_database() == StateDatabase::kCouchDb);
  REQUIRE(service.channels.replace(kFirst, {}, {}));
  CHECK(service.channels.find(kFirst).ledger->state_database() == StateDatabase::kEmbedded);
}

TEST_CASE("a channel set refuses what it cannot make or replace, and changes nothing",
          "[assembly]") {
  const TemporaryDirectory directory;
  Service service(directory);
  CHECK(service.channels.make(kFirst, {}, {}).error().code == ErrorCode::kExists);
  CHECK(service.channels.replace(kSecond, {}, {}).error().code == ErrorCode::kNotFound);
  const auto snapshot = directory.path() / "no snapshot";
  CHECK(service.channels.make(kSecond, {snapshot}, {}).error().code == ErrorCode::kNotFound);
  CHECK(service.channels.channels().size() == 1);
  service.config.limits.channels_max = 1;
  CHECK(service.channels.make(kSecond, {}, {}).error().message ==
        "limits.channels is reached: there are 1 channels");
}

TEST_CASE("a channel for whose files there are no descriptors is refused", "[assembly]") {
  const TemporaryDirectory directory;
  Config config;
  config.ledger_directory = directory.path();
  config.channels = {kFirst.value};
  zmq::context_t context;
  bus::NextStatePipe<BusEvent> pipe(context, "events", 1'000);
  const auto logger = make_silent_logger();
  Counters counters;
  ChannelSet set(config, 300, pipe, *logger, counters);
  REQUIRE(set.make(kSecond, {}, {}));
  CHECK(set.make({"third"}, {}, {}).error().message ==
        "there are 2 channels, and no descriptors for the files of another one (ulimit -n, "
        "LimitNOFILE=)");
}
