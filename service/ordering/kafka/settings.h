#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "service/base/limits.h"
#include "service/base/result.h"

namespace ccbus::ordering::kafka {

// How a log in a Kafka topic is reached. Names and values are librdkafka's.
using Properties = std::map<std::string, std::string>;

struct Settings {
  std::string brokers;          // ordering.kafka.brokers: "host:9092,host:9092".
  Properties properties = {};   // ordering.kafka.properties: mostly of SASL and TLS.
  std::string topic;            // Its only partition is the channel's log.
  std::size_t entry_bytes_max;  // Of the encoded entry.
  std::size_t queue_bytes_max;  // Of what waits for the brokers.
  bool allow_unsafe = false;    // Go on with a topic that can lose what it has acknowledged.
};

// The largest entry that a bundle within these limits can become.
[[nodiscard]] std::size_t entry_bytes_max(const Limits& limits);

// Reads a file of name=value, one a line; empty lines and those that begin with # are passed over.
// Errors: kIo; kInvalid with the line.
[[nodiscard]] Result<Properties> read_properties(const std::filesystem::path& file);

// Errors: kInvalid a property is one of those below, of which the log depends; or librdkafka does
//         not know it, or not its value.
[[nodiscard]] Result<void> check_properties(const Properties& properties);

// Of the two clients. What they have in common with `properties` comes from here.
[[nodiscard]] Properties producer_properties(const Settings& settings);
[[nodiscard]] Properties consumer_properties(const Settings& settings);

// Of a topic that is made for a log.
[[nodiscard]] Properties topic_properties(const Settings& settings, int replication_factor);

// What a topic would lose, or not take: a line for each of its settings, with the value and the one
// that it should have. Empty: it is as safe as a log has to be.
[[nodiscard]] std::vector<std::string> topic_faults(const Properties& topic, int replication_factor,
                                                    const Settings& settings);

}  // namespace ccbus::ordering::kafka
