// Every key of the configuration: how its value reads, and what values are allowed.
#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

#include "service/channel_id.h"
#include "service/config.h"
#include "service/duration.h"
#include "service/log.h"

namespace ccbus {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

unexpected<Error> bad_value(std::string_view value, const std::string& wanted) {
  return fail(ErrorCode::kInvalid, "'" + std::string(value) + "' is not " + wanted);
}

Result<std::uint64_t> parse_count(std::string_view value, std::uint64_t min, std::uint64_t max) {
  std::uint64_t count = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), count);
  if (error != std::errc{} || end != value.data() + value.size() || count < min || count > max) {
    return bad_value(value,
                     "a whole number from " + std::to_string(min) + " to " + std::to_string(max));
  }
  return count;
}

// Sets one number of Limits; it can be lowered to `Min`, and raised to `Max`.
template <auto Member, std::uint64_t Min, std::uint64_t Max>
Result<void> set_limit(Config& config, std::string_view value) {
  const auto count = parse_count(value, Min, Max);
  if (!count) return unexpected(count.error());
  auto& member = config.limits.*Member;
  member = static_cast<std::remove_reference_t<decltype(member)>>(*count);
  return {};
}

template <auto Member>
std::string show_limit(const Config& config) {
  return std::to_string(config.limits.*Member);
}

// Fabric writes host:port; ZeroMQ wants the transport before it.
Result<std::string> parse_address(std::string_view value) {
  std::string address(value);
  if (address.find("://") == std::string::npos) address = "tcp://" + address;
  const bool known = address.starts_with("tcp://") || address.starts_with("ipc://");
  const auto colon = address.rfind(':');
  const bool has_port = colon != std::string::npos && colon + 1 < address.size() &&
                        colon > std::string_view("tcp:").size();
  if (!known || (address.starts_with("tcp://") && !has_port)) {
    return bad_value(value, "an endpoint: host:port, tcp://host:port or ipc://path");
  }
  return address;
}

template <auto Member>
Result<void> set_address(Config& config, std::string_view value) {
  auto address = parse_address(value);
  if (!address) return unexpected(address.error());
  config.*Member = std::move(*address);
  return {};
}

template <auto Member>
std::string show_text(const Config& config) {
  return config.*Member;
}

Result<void> set_msp_id(Config& config, std::string_view value) {
  if (value.empty()) return bad_value(value, "an MSP id: it is empty");
  config.msp_id = value;
  return {};
}

// Fabric's core.yaml gives seconds without a unit.
Result<milliseconds> parse_seconds_or_duration(std::string_view value) {
  if (const auto count = parse_count(value, 0, 1'000'000)) {
    return milliseconds(seconds(static_cast<std::int64_t>(*count)));
  }
  return parse_duration(value);
}

Result<void> set_keepalive(Config& config, std::string_view value) {
  const auto duration = parse_seconds_or_duration(value);
  if (!duration) return unexpected(duration.error());
  config.keepalive = *duration;
  return {};
}

Result<void> set_execute_timeout(Config& config, std::string_view value) {
  const auto duration = parse_duration(value);
  if (!duration) return unexpected(duration.error());
  if (*duration < milliseconds(1'000)) return bad_value(value, "at least 1s");
  config.execute_timeout = *duration;
  return {};
}

Result<void> set_grace(Config& config, std::string_view value) {
  const auto duration = parse_duration(value);
  if (!duration) return unexpected(duration.error());
  if (*duration > std::chrono::hours(1)) return bad_value(value, "at most 1h");
  config.shutdown_grace = *duration;
  return {};
}

Result<void> set_commit_stall(Config& config, std::string_view value) {
  const auto duration = parse_duration(value);
  if (!duration) return unexpected(duration.error());
  if (*duration < milliseconds(100)) return bad_value(value, "at least 100ms");
  config.limits.commit_stall = *duration;
  return {};
}

// A time to wait: at least a second, at most a day.
template <auto Member>
Result<void> set_patience(Config& config, std::string_view value) {
  const auto duration = parse_duration(value);
  if (!duration) return unexpected(duration.error());
  if (*duration < seconds(1) || *duration > std::chrono::hours(24)) {
    return bad_value(value, "from 1s to 24h");
  }
  config.*Member = *duration;
  return {};
}

// HTTP's: no transport before it, and nothing at all turns it off.
Result<void> set_operations_address(Config& config, std::string_view value) {
  const auto colon = value.rfind(':');
  const bool is_endpoint = colon != std::string_view::npos && colon > 0 &&
                           value.find("://") == std::string_view::npos &&
                           parse_count(value.substr(colon + 1), 0, 65'535);
  if (!value.empty() && !is_endpoint) {
    return bad_value(value, "host:port with a port from 0 to 65535, or nothing");
  }
  config.operations_address = value;
  return {};
}

Result<void> set_duplicates(Config& config, std::string_view value) {
  if (value != "pool" && value != "reject") return bad_value(value, "pool or reject");
  config.reject_duplicates = value == "reject";
  return {};
}

Result<void> set_directory(Config& config, std::string_view value) {
  if (value.empty()) return bad_value(value, "a directory or :memory:");
  config.ledger_directory.reset();
  if (value != ":memory:") config.ledger_directory = value;
  return {};
}

Result<void> set_channels(Config& config, std::string_view value) {
  std::vector<std::string> channels;
  while (true) {
    const auto comma = value.find(',');
    std::string_view id = value.substr(0, comma);
    while (id.starts_with(' ')) id.remove_prefix(1);
    while (id.ends_with(' ')) id.remove_suffix(1);
    if (auto allowed = check_channel_id(id, config.limits.name_bytes_max); !allowed) return allowed;
    if (std::ranges::find(channels, id) != channels.end()) {
      return bad_value(id, "named once: it stands in the list twice");
    }
    channels.emplace_back(id);
    if (comma == std::string_view::npos) break;
    value.remove_prefix(comma + 1);
  }
  config.channels = std::move(channels);
  return {};
}

std::string show_channels(const Config& config) {
  std::string text;
  for (const std::string& id : config.channels) text += (text.empty() ? "" : ",") + id;
  return text;
}

template <auto Member>
Result<void> set_flag(Config& config, std::string_view value) {
  if (value != "true" && value != "false") return bad_value(value, "true or false");
  config.*Member = value == "true";
  return {};
}

template <auto Member>
std::string show_flag(const Config& config) {
  return config.*Member ? "true" : "false";
}

Result<void> set_log_level(Config& config, std::string_view value) {
  if (auto parsed = parse_log_level(value); !parsed) return unexpected(parsed.error());
  config.log_level = value;
  return {};
}

constexpr std::uint64_t kMiB = 1u << 20;

constexpr std::array kKeys = {
    ConfigKey{"peer.chaincodeListenAddress", "where chaincode connects",
              set_address<&Config::chaincode_address>, show_text<&Config::chaincode_address>},
    ConfigKey{"peer.listenAddress", "where applications connect",
              set_address<&Config::client_address>, show_text<&Config::client_address>},
    ConfigKey{"peer.localMspId", "the MSP id of the development identity", set_msp_id,
              show_text<&Config::msp_id>},
    ConfigKey{"peer.maxRecvMsgSize", "bytes of the largest message, either way",
              set_limit<&Limits::message_bytes_max, 1024, 1024 * kMiB>,
              show_limit<&Limits::message_bytes_max>},
    ConfigKey{"peer.limits.concurrency.gatewayService", "requests of all clients, open at once",
              set_limit<&Limits::requests_open_max, 1, 1'000'000>,
              show_limit<&Limits::requests_open_max>},
    ConfigKey{"peer.gateway.waitTimeout", "how long an application may wait for blocks and events",
              set_patience<&Config::gateway_wait>,
              [](const Config& c) { return format_duration(c.gateway_wait); }},
    ConfigKey{"peer.gateway.preparedLifetime", "how long an endorsed transaction waits for Submit",
              set_patience<&Config::prepared_lifetime>,
              [](const Config& c) { return format_duration(c.prepared_lifetime); }},
    ConfigKey{"chaincode.keepalive", "between two KEEPALIVEs to one chaincode; 0: never",
              set_keepalive, [](const Config& c) { return format_duration(c.keepalive); }},
    ConfigKey{"chaincode.executetimeout", "how long a transaction may run in its chaincode",
              set_execute_timeout,
              [](const Config& c) { return format_duration(c.execute_timeout); }},
    ConfigKey{
        "chaincode.duplicates", "several processes of one name: pool or reject", set_duplicates,
        [](const Config& c) -> std::string { return c.reject_duplicates ? "reject" : "pool"; }},
    ConfigKey{"chaincode.autodefine", "true: chaincode that connects needs no definition",
              set_flag<&Config::autodefine>, show_flag<&Config::autodefine>},
    ConfigKey{"chaincode.runtimeParams.useWriteBatch", "true: offer WRITE_BATCH_STATE",
              set_flag<&Config::use_write_batch>, show_flag<&Config::use_write_batch>},
    ConfigKey{"chaincode.runtimeParams.maxSizeWriteBatch", "writes of one batch, as offered",
              set_limit<&Limits::batch_writes_max, 1, 1'000'000>,
              show_limit<&Limits::batch_writes_max>},
    ConfigKey{"chaincode.runtimeParams.useGetMultipleKeys", "true: offer GET_STATE_MULTIPLE",
              set_flag<&Config::use_get_multiple_keys>, show_flag<&Config::use_get_multiple_keys>},
    ConfigKey{"chaincode.runtimeParams.maxSizeGetMultipleKeys", "keys of one read, as offered",
              set_limit<&Limits::multiple_keys_max, 1, 1'000'000>,
              show_limit<&Limits::multiple_keys_max>},
    ConfigKey{"ledger.directory", "where the channels' databases are, or :memory:", set_directory,
              [](const Config& c) {
                return c.ledger_directory ? c.ledger_directory->string() : ":memory:";
              }},
    ConfigKey{"ledger.channels", "channels that exist from the start", set_channels, show_channels},
    ConfigKey{"ledger.state.totalQueryLimit", "results of one query over its life",
              set_limit<&Limits::results_per_query, 1, 100'000'000>,
              show_limit<&Limits::results_per_query>},
    ConfigKey{"ledger.state.cacheBytes", "reads that transactions between two blocks share",
              set_limit<&Limits::view_cache_bytes_max, 0, 64 * 1024 * kMiB>,
              show_limit<&Limits::view_cache_bytes_max>},
    ConfigKey{"ledger.history.enableHistoryDatabase", "true: keep what every key was",
              set_flag<&Config::history>, show_flag<&Config::history>},
    ConfigKey{"orderer.batchSize.maxMessageCount", "transactions of a block",
              set_limit<&Limits::block_transactions_max, 1, 100'000>,
              show_limit<&Limits::block_transactions_max>},
    ConfigKey{"orderer.batchSize.preferredMaxBytes", "bytes at which a block is cut",
              set_limit<&Limits::block_bytes_preferred, 1024, 1024 * kMiB>,
              show_limit<&Limits::block_bytes_preferred>},
    ConfigKey{"orderer.batchSize.absoluteMaxBytes", "bytes of the largest transaction",
              set_limit<&Limits::block_bytes_max, 1024, 1024 * kMiB>,
              show_limit<&Limits::block_bytes_max>},
    ConfigKey{"orderer.queue", "transactions that wait for a block",
              set_limit<&Limits::ordering_queue_max, 1, 1'000'000>,
              show_limit<&Limits::ordering_queue_max>},
    ConfigKey{"limits.peers", "connections to one endpoint",
              set_limit<&Limits::peers_max, 1, 1'000'000>, show_limit<&Limits::peers_max>},
    ConfigKey{"limits.transactionsPerHandler", "open transactions of one chaincode process",
              set_limit<&Limits::transactions_per_handler, 1, 1'000'000>,
              show_limit<&Limits::transactions_per_handler>},
    ConfigKey{"limits.iteratorsPerTransaction", "queries open in one transaction",
              set_limit<&Limits::iterators_per_transaction, 1, 10'000>,
              show_limit<&Limits::iterators_per_transaction>},
    ConfigKey{"limits.callDepth", "chaincodes that call each other in a row",
              set_limit<&Limits::call_depth_max, 1, 1'000>, show_limit<&Limits::call_depth_max>},
    ConfigKey{"limits.workers", "threads for rich queries and other long work",
              set_limit<&Limits::workers, 1, 256>, show_limit<&Limits::workers>},
    ConfigKey{"limits.backgroundJobs", "jobs waiting for a worker",
              set_limit<&Limits::background_jobs_max, 1, 1'000'000>,
              show_limit<&Limits::background_jobs_max>},
    ConfigKey{"limits.backlogMessages", "messages queued for one peer that does not read",
              set_limit<&Limits::backlog_messages_max, 1, 10'000'000>,
              show_limit<&Limits::backlog_messages_max>},
    ConfigKey{"limits.backlogBytes", "their bytes",
              set_limit<&Limits::backlog_bytes_max, 1024, 64 * 1024 * kMiB>,
              show_limit<&Limits::backlog_bytes_max>},
    ConfigKey{"limits.channels", "channels of the service",
              set_limit<&Limits::channels_max, 1, 10'000>, show_limit<&Limits::channels_max>},
    ConfigKey{"limits.retries", "how often one submit may be run again after conflicts",
              set_limit<&Limits::retries_max, 0, 10'000>, show_limit<&Limits::retries_max>},
    ConfigKey{"limits.preparedTransactions", "endorsed transactions that wait for Submit",
              set_limit<&Limits::prepared_transactions_max, 1, 1'000'000>,
              show_limit<&Limits::prepared_transactions_max>},
    ConfigKey{"limits.preparedBytes", "their bytes",
              set_limit<&Limits::prepared_bytes_max, 1024, 64 * 1024 * kMiB>,
              show_limit<&Limits::prepared_bytes_max>},
    ConfigKey{"limits.ledgerPage", "entries of one page that an application asks the ledger for",
              set_limit<&Limits::ledger_page_max, 1, 100'000>,
              show_limit<&Limits::ledger_page_max>},
    ConfigKey{"limits.diskFreeBytes", "below it /healthz calls the ledger's disk full",
              set_limit<&Limits::disk_free_bytes_min, 0, 1'000'000'000 * kMiB>,
              show_limit<&Limits::disk_free_bytes_min>},
    ConfigKey{"limits.commitStall", "a block that takes longer is called stalled by /healthz",
              set_commit_stall,
              [](const Config& c) { return format_duration(c.limits.commit_stall); }},
    ConfigKey{"operations.listenAddress",
              "where /healthz, /metrics and their kin are served; empty: nowhere",
              set_operations_address, show_text<&Config::operations_address>},
    ConfigKey{"shutdown.grace", "how long open transactions may take to end when the service stops",
              set_grace, [](const Config& c) { return format_duration(c.shutdown_grace); }},
    ConfigKey{"security.insecure", "true: listen beyond loopback without keys",
              set_flag<&Config::insecure>, show_flag<&Config::insecure>},
    ConfigKey{"logging.level", "trace, debug, info, warn, error or off", set_log_level,
              show_text<&Config::log_level>},
};

}  // namespace

std::span<const ConfigKey> config_keys() {
  return kKeys;
}

std::string ConfigKey::environment_name() const {
  std::string name = "CCBUS_";
  for (const char c : path) {
    name.push_back(c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c))));
  }
  return name;
}

}  // namespace ccbus
