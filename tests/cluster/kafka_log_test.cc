#include "service/ordering/kafka/kafka_log.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>

#include "service/base/log.h"
#include "service/ordering/kafka/topics.h"
#include "tests/support/log_conformance.h"

// The Kafka log over real brokers, which tests/cluster/with_brokers.py has started.

using namespace ccbus;
using namespace ccbus::ordering;
using kafka::KafkaLog;

namespace {

using namespace std::chrono_literals;

const LogIdentity kIdentity{{"ch"}, "sixteen bytes!!!"};

std::string brokers() {
  const char* const given = std::getenv("CCBUS_TEST_KAFKA");
  REQUIRE(given != nullptr);
  return given;
}

// A topic of its own for each test.
struct Topic {
  Topic() {
    static int made = 0;
    settings.topic = "ccbus.test." + std::to_string(++made) + "." +
                     std::to_string(std::chrono::system_clock::now().time_since_epoch().count());
    const auto done = kafka::make_topic(settings);
    if (!done) FAIL(done.error().message);
  }

  std::unique_ptr<KafkaLog> open(LogPosition applied = {}, std::string hash = {},
                                 std::string generation = kIdentity.generation) const {
    auto log = KafkaLog::open({settings, {{"ch"}, std::move(generation)}, applied, std::move(hash)},
                              logger());
    if (!log) FAIL(log.error().message);
    return std::move(*log);
  }

  static Logger& logger() {
    static const auto made = make_silent_logger();
    return *made;
  }

  kafka::Settings settings{brokers(), {}, {}, 2'000'000, 16'000'000};
};

test::LogUnderTest over(const Topic& topic) {
  return {true,
          [&topic](const test::LogUnderTest::Applied& applied) -> std::unique_ptr<Log> {
            return topic.open(applied.position, applied.hash, applied.generation);
          },
          2ms};
}

Entry bundle(std::uint64_t sequence) {
  return {{"a", 1, sequence}, Bundle{{{TxId{"t"}, "envelope"}}}};
}

Log::Record next_record(Log& log) {
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  while (std::chrono::steady_clock::now() < deadline) {
    auto record = log.read(deadline);
    if (!record) FAIL(record.error().message);
    if (*record) return std::move(**record);
  }
  FAIL("there is no record; " + log.health().fault);
  return {};
}

std::string halt_of(Log& log) {
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  while (std::chrono::steady_clock::now() < deadline) {
    const auto record = log.read(deadline);
    if (!record) return record.error().message;
  }
  return "it goes on; " + log.health().fault;
}

// Its fault, as soon as that has these words.
std::string fault_of(Log& log, const std::string& words) {
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  while (log.health().fault.find(words) == std::string::npos &&
         std::chrono::steady_clock::now() < deadline) {
    REQUIRE(log.read(std::chrono::steady_clock::now() + 100ms));
  }
  return log.health().fault;
}

}  // namespace

TEST_CASE("the Kafka log is a log", "[cluster]") {
  const Topic topic;
  test::check_conformance(over(topic));
}

TEST_CASE("replicas apply the same of a Kafka topic", "[cluster]") {
  const Topic topic;
  test::check_replicas(over(topic));
}

TEST_CASE("an entry of the largest size goes through", "[cluster]") {
  const Topic topic;
  const auto log = topic.open();
  const std::string large(topic.settings.entry_bytes_max - 200, 'x');
  log->append({{"a", 1, 1}, Bundle{{{TxId{"t"}, large}}}});
  const auto record = next_record(*log);
  CHECK(std::get<Bundle>(std::get<Entry>(record.content).content).envelopes[0].bytes == large);
}

TEST_CASE("a topic that can lose entries is refused by the names of its settings", "[cluster]") {
  Topic topic;
  SECTION("unless that is allowed") {
    topic.settings.allow_unsafe = true;
    topic.settings.entry_bytes_max = 3'000'000;
    const auto log = topic.open();
    log->append(bundle(1));
    CHECK(next_record(*log).position == LogPosition{1});
    CHECK(log->health().not_durable == "max.message.bytes is 2001024, not at least 3000512");
  }
  SECTION("it is made for smaller entries") {
    topic.settings.entry_bytes_max = 3'000'000;
    const auto log = topic.open();
    log->append(bundle(1));
    CHECK(fault_of(*log, "can lose") ==
          "topic '" + topic.settings.topic +
              "' can lose what it has acknowledged: max.message.bytes is 2001024, not at least "
              "3000512. Change it, or go on all the same with ordering.kafka.allowUnsafe");
    CHECK_FALSE(log->has_room());
    CHECK_FALSE(log->read(std::chrono::steady_clock::now() + 100ms).value());
  }
}

TEST_CASE("a log that was trimmed is read from where it begins, and from nowhere before",
          "[cluster]") {
  const Topic topic;
  const auto log = topic.open();
  for (std::uint64_t i = 1; i <= 5; ++i) log->append(bundle(i));
  for (int i = 0; i < 3; ++i) next_record(*log);
  const auto third = next_record(*log);
  REQUIRE(log->trim({4}));
  const auto late = topic.open({2}, "hash");
  CHECK(halt_of(*late).starts_with("the log does not have position 2, where this ledger goes on"));
  const auto restarted = topic.open(third.position, third.hash);
  CHECK(next_record(*restarted).position == LogPosition{5});
}

TEST_CASE("a topic that was deleted and made anew is not taken for the old one", "[cluster]") {
  const Topic topic;
  auto log = topic.open();
  for (std::uint64_t i = 1; i <= 3; ++i) log->append(bundle(i));
  next_record(*log);
  next_record(*log);
  const auto third = next_record(*log);
  log->let_go(3);
  REQUIRE(kafka::delete_topic(topic.settings));
  SECTION("while it does not exist") {
    CHECK(fault_of(*log, "UNKNOWN_TOPIC") ==
          "the settings of topic '" + topic.settings.topic +
              "' cannot be read: Broker: Unknown topic or partition (UNKNOWN_TOPIC_OR_PART)");
  }
  SECTION("by the generation of its entries, and by the entry that was applied") {
    const auto deadline = std::chrono::steady_clock::now() + 30s;
    auto made = kafka::make_topic(topic.settings);
    while (!made && std::chrono::steady_clock::now() < deadline) {
      made = kafka::make_topic(topic.settings);
    }
    REQUIRE(made);
    auto other =
        KafkaLog::open({topic.settings, {{"ch"}, "another, sixteen"}, {}, {}}, Topic::logger());
    REQUIRE(other);
    for (std::uint64_t i = 1; i <= 5; ++i) (*other)->append(bundle(i));
    for (int i = 0; i < 5; ++i) next_record(**other);
    CHECK(halt_of(*log).find("made anew") != std::string::npos);
    const auto restarted = topic.open(third.position, third.hash);
    CHECK(halt_of(*restarted).find("holds another entry") != std::string::npos);
  }
}

TEST_CASE("brokers that cannot be reached are a fault, and not a wait without a word",
          "[cluster]") {
  kafka::Settings settings{"127.0.0.1:1", {}, "ccbus.nowhere", 1'000'000, 1'000'000};
  auto log = KafkaLog::open({settings, kIdentity, {}, {}}, Topic::logger());
  REQUIRE(log);
  CHECK((*log)->health().fault == "no broker has answered yet");
  CHECK(fault_of(**log, "brokers are down").find("Connection refused") != std::string::npos);
  CHECK_FALSE((*log)->has_room());
}
