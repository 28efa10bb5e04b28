#include "service/ordering/kafka/settings.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <set>

#include "service/ordering/kafka/client.h"

namespace ccbus::ordering::kafka {
namespace {

// Of an envelope in a bundle, without its bytes: the transaction's id and some tags.
constexpr std::size_t kBytesPerEnvelope = 128;
constexpr std::size_t kBytesPerEntry = 4'096;

// Of a record on its way, beside its bytes.
constexpr std::size_t kRecordOverhead = 512;

constexpr int kReplicas = 3;
constexpr int kInSyncReplicas = 2;

std::string text(std::size_t number) {
  return std::to_string(number);
}

std::size_t kilobytes(std::size_t bytes) {
  return bytes / 1024 + 1;
}

long long number_of(const std::string& value) {
  long long number = 0;
  const auto read = std::from_chars(value.data(), value.data() + value.size(), number);
  return read.ec == std::errc() ? number : 0;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

Properties with(Properties given, const Properties& ours) {
  for (const auto& [name, value] : ours) given[name] = value;
  return given;
}

Properties common(const Settings& settings) {
  return {{"bootstrap.servers", settings.brokers},
          {"client.id", "ccbus"},
          {"log.queue", "true"},
          {"reconnect.backoff.max.ms", "1000"},
          {"socket.nagle.disable", "true"}};
}

}  // namespace

std::size_t entry_bytes_max(const Limits& limits) {
  return std::max(limits.block_bytes_max, limits.block_bytes_preferred) +
         limits.block_transactions_max * kBytesPerEnvelope + kBytesPerEntry;
}

Properties producer_properties(const Settings& settings) {
  Properties ours = common(settings);
  ours["acks"] = "all";
  ours["enable.idempotence"] = "true";
  ours["linger.ms"] = "0";
  ours["message.timeout.ms"] = "0";  // It never gives up.
  ours["message.max.bytes"] = text(settings.entry_bytes_max + kRecordOverhead);
  ours["queue.buffering.max.kbytes"] =
      text(kilobytes(2 * (settings.queue_bytes_max + settings.entry_bytes_max)));
  return with(settings.properties, ours);
}

Properties consumer_properties(const Settings& settings) {
  Properties ours = common(settings);
  const std::size_t fetched = settings.entry_bytes_max + kRecordOverhead;
  ours["auto.offset.reset"] = "error";
  ours["check.crcs"] = "true";
  ours["enable.auto.commit"] = "false";
  ours["enable.partition.eof"] = "true";
  ours["isolation.level"] = "read_committed";
  ours["fetch.wait.max.ms"] = "500";
  ours["fetch.message.max.bytes"] = text(fetched);
  ours["fetch.max.bytes"] = text(fetched);
  ours["receive.message.max.bytes"] = text(fetched + 64 * kRecordOverhead);
  ours["queued.max.messages.kbytes"] = text(kilobytes(4 * fetched));
  return with(settings.properties, ours);
}

Properties topic_properties(const Settings& settings, int replication_factor) {
  return {{"cleanup.policy", "delete"},
          {"flush.messages", "1"},
          {"max.message.bytes", text(settings.entry_bytes_max + 2 * kRecordOverhead)},
          {"min.insync.replicas", replication_factor >= kReplicas ? text(kInSyncReplicas) : "1"},
          {"retention.bytes", "-1"},
          {"retention.ms", "-1"},
          {"unclean.leader.election.enable", "false"}};
}

Result<Properties> read_properties(const std::filesystem::path& file) {
  std::ifstream lines(file);
  if (!lines) return fail(ErrorCode::kIo, file.string() + " cannot be read");
  Properties properties;
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    const std::string_view text = trimmed(line);
    if (text.empty() || text.front() == '#') continue;
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos || equals == 0) {
      return fail(ErrorCode::kInvalid,
                  file.string() + ":" + std::to_string(number) + " is not name=value");
    }
    properties[std::string(trimmed(text.substr(0, equals)))] = trimmed(text.substr(equals + 1));
  }
  return properties;
}

Result<void> check_properties(const Properties& properties) {
  Settings none{"", {}, "", 1, 1};
  std::set<std::string> ours;
  for (const auto& [name, value] : producer_properties(none)) ours.insert(name);
  for (const auto& [name, value] : consumer_properties(none)) ours.insert(name);
  for (const auto& [name, value] : properties) {
    if (ours.contains(name)) {
      return fail(ErrorCode::kInvalid, "ordering.kafka.properties: '" + name +
                                           "' is set by the service and cannot be given");
    }
    if (auto known = check_property(name, value); !known) {
      return fail(ErrorCode::kInvalid, "ordering.kafka.properties: " + known.error().message);
    }
  }
  return {};
}

std::vector<std::string> topic_faults(const Properties& topic, int replication_factor,
                                      const Settings& settings) {
  std::vector<std::string> faults;
  const auto value_of = [&topic](const char* name) {
    const auto at = topic.find(name);
    return at == topic.end() ? std::string("unknown") : at->second;
  };
  const auto require = [&](const char* name, const std::string& wanted, auto is_right) {
    const std::string value = value_of(name);
    if (!is_right(value)) faults.push_back(std::string(name) + " is " + value + ", not " + wanted);
  };
  const auto is = [](const char* wanted) {
    return [wanted](const std::string& value) { return value == wanted; };
  };
  if (replication_factor < kReplicas) {
    faults.push_back("replication factor is " + std::to_string(replication_factor) + ", not " +
                     std::to_string(kReplicas));
  }
  require("min.insync.replicas", "at least " + std::to_string(kInSyncReplicas),
          [](const std::string& value) { return number_of(value) >= kInSyncReplicas; });
  require("unclean.leader.election.enable", "false", is("false"));
  require("flush.messages", "1", is("1"));
  require("cleanup.policy", "delete", is("delete"));
  require("retention.ms", "-1", is("-1"));
  require("retention.bytes", "-1", is("-1"));
  const auto least = static_cast<long long>(settings.entry_bytes_max + kRecordOverhead);
  require("max.message.bytes", "at least " + std::to_string(least),
          [least](const std::string& value) { return number_of(value) >= least; });
  return faults;
}

}  // namespace ccbus::ordering::kafka
