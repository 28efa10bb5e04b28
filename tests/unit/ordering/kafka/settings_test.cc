#include "service/ordering/kafka/settings.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>

using namespace ccbus;
using namespace ccbus::ordering::kafka;

namespace {

const Settings kSettings{"localhost:9092", {}, "ccbus.mychannel", 1'000'000, 1'000'000};

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("a topic that was made for a log loses nothing", "[ordering][issue-18]") {
  CHECK(topic_faults(topic_properties(kSettings, 3), 3, kSettings) == Lines{});
}

TEST_CASE("each setting with which a topic could lose entries is named, with its value",
          "[ordering][issue-18]") {
  Properties topic = topic_properties(kSettings, 3);
  const auto with = [&topic](const std::string& name, const std::string& value) {
    Properties changed = topic;
    changed[name] = value;
    return topic_faults(changed, 3, kSettings);
  };
  CHECK(with("min.insync.replicas", "1") == Lines{"min.insync.replicas is 1, not at least 2"});
  CHECK(with("unclean.leader.election.enable", "true") ==
        Lines{"unclean.leader.election.enable is true, not false"});
  CHECK(with("flush.messages", "9223372036854775807") ==
        Lines{"flush.messages is 9223372036854775807, not 1"});
  CHECK(with("cleanup.policy", "compact") == Lines{"cleanup.policy is compact, not delete"});
  CHECK(with("retention.ms", "604800000") == Lines{"retention.ms is 604800000, not -1"});
  CHECK(with("retention.bytes", "1000") == Lines{"retention.bytes is 1000, not -1"});
  CHECK(with("max.message.bytes", "1000") ==
        Lines{"max.message.bytes is 1000, not at least 1000512"});
  CHECK(topic_faults(topic, 1, kSettings) == Lines{"replication factor is 1, not 3"});
  topic.erase("flush.messages");
  CHECK(topic_faults(topic, 3, kSettings) == Lines{"flush.messages is unknown, not 1"});
}

TEST_CASE("a topic with one copy says that it has one", "[ordering][issue-18]") {
  CHECK(topic_faults(topic_properties(kSettings, 1), 1, kSettings) ==
        Lines{"replication factor is 1, not 3", "min.insync.replicas is 1, not at least 2"});
}

TEST_CASE("properties of the user reach both clients, unless the log depends on them",
          "[ordering][issue-18]") {
  Settings settings = kSettings;
  settings.properties = {{"security.protocol", "SASL_SSL"}, {"sasl.username", "ccbus"}};
  CHECK(check_properties(settings.properties));
  CHECK(producer_properties(settings).at("sasl.username") == "ccbus");
  CHECK(consumer_properties(settings).at("security.protocol") == "SASL_SSL");
  const auto refusal = [](const Properties& properties) {
    const auto checked = check_properties(properties);
    return checked ? std::string() : checked.error().message;
  };
  for (const char* ours : {"acks", "enable.idempotence", "bootstrap.servers", "auto.offset.reset",
                           "isolation.level", "message.timeout.ms"}) {
    CHECK(refusal({{ours, "1"}}) == std::string("ordering.kafka.properties: '") + ours +
                                        "' is set by the service and cannot be given");
  }
  CHECK(refusal({{"sasl.usrname", "x"}}) ==
        "ordering.kafka.properties: No such configuration property: \"sasl.usrname\"");
  CHECK(refusal({{"security.protocol", "plain"}}).starts_with("ordering.kafka.properties: "));
}

TEST_CASE("an entry may be as large as the largest bundle becomes", "[ordering][issue-18]") {
  Limits limits;
  CHECK(entry_bytes_max(limits) > limits.block_bytes_max);
  limits.block_bytes_preferred = 2 * limits.block_bytes_max;
  CHECK(entry_bytes_max(limits) > limits.block_bytes_preferred);
}

TEST_CASE("properties are read from a file of name=value", "[ordering][issue-18]") {
  const auto file = std::filesystem::temp_directory_path() /
                    ("ccbus-properties-" + std::to_string(std::random_device()()));
  const auto read = [&file](const char* text) {
    std::ofstream(file) << text;
    return read_properties(file);
  };
  CHECK(read("# of the cluster\n\nsecurity.protocol = SASL_SSL\r\nsasl.password=a=b\n").value() ==
        Properties{{"sasl.password", "a=b"}, {"security.protocol", "SASL_SSL"}});
  const auto wrong = read("acks\n");
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().message == file.string() + ":1 is not name=value");
  std::filesystem::remove(file);
  const auto missing = read_properties(file);
  REQUIRE_FALSE(missing);
  CHECK(missing.error().message == file.string() + " cannot be read");
}
