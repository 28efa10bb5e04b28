#include "service/config/config_values.h"

#include <algorithm>
#include <charconv>
#include <system_error>

#include "service/base/channel_id.h"
#include "service/base/endpoint_address.h"
#include "service/base/log.h"

namespace ccbus::config_values {

std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string Interval::allowed() {
  return "a duration, or a whole number of seconds";
}

Result<Interval::Value> Interval::parse(std::string_view text) {
  constexpr std::uint64_t kSecondsMax = 1'000'000;
  const auto number = whole_number(text);
  if (number && *number <= kSecondsMax) return std::chrono::seconds(*number);
  return parse_duration(text);
}

std::string Endpoint::allowed() {
  return kEndpointForms;
}

Result<std::string> Endpoint::parse(std::string_view text) {
  return parse_endpoint(text);
}

std::string OptionalEndpoint::allowed() {
  return Endpoint::allowed() + ", or empty";
}

Result<std::string> OptionalEndpoint::parse(std::string_view text) {
  if (text.empty()) return std::string();
  auto parsed = Endpoint::parse(text);
  if (!parsed) return fail(parsed.error().code, parsed.error().message + ", or empty");
  return parsed;
}

std::string HostAndPort::allowed() {
  return "host:port with a port from 0 to 65535, or empty";
}

Result<std::string> HostAndPort::parse(std::string_view text) {
  if (text.empty()) return std::string();
  constexpr std::uint64_t kPortMax = 65'535;
  const auto colon = text.rfind(':');
  const bool has_host = colon != std::string_view::npos && colon > 0;
  const auto port = has_host ? whole_number(text.substr(colon + 1)) : std::nullopt;
  if (!port || *port > kPortMax || text.find("://") != std::string_view::npos) {
    return refused<HostAndPort>(text);
  }
  return std::string(text);
}

std::string MspId::allowed() {
  return "an MSP id of at least one character";
}

Result<std::string> MspId::parse(std::string_view text) {
  if (text.empty()) return refused<MspId>(text);
  return std::string(text);
}

std::string LogLevel::allowed() {
  return log_levels();
}

Result<std::string> LogLevel::parse(std::string_view text) {
  if (auto parsed = parse_log_level(text); !parsed) return unexpected(parsed.error());
  return std::string(text);
}

std::string LedgerDirectory::allowed() {
  return "a directory or :memory:";
}

Result<LedgerDirectory::Value> LedgerDirectory::parse(std::string_view text) {
  if (text.empty()) return refused<LedgerDirectory>(text);
  return text == ":memory:" ? Value() : Value(text);
}

std::string LedgerDirectory::format(const Value& value) {
  return value ? value->string() : ":memory:";
}

namespace {

// Takes the next of the texts that commas separate, without spaces around it. Returns false after
// the last one; an empty text has one, which is empty.
bool take_item(std::string_view& text, std::string_view& item, bool& more) {
  if (!more) return false;
  const auto comma = text.find(',');
  item = text.substr(0, comma);
  while (item.starts_with(' ')) item.remove_prefix(1);
  while (item.ends_with(' ')) item.remove_suffix(1);
  more = comma != std::string_view::npos;
  if (more) text.remove_prefix(comma + 1);
  return true;
}

std::string joined(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) text += (text.empty() ? "" : ",") + item;
  return text;
}

// Letters, digits, '-' and '.', or an IPv6 address.
bool is_host_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == ':';
  });
}

}  // namespace

std::string MspFolders::allowed() {
  return "a list of MSP ids with the folder of a local MSP behind each: Org1MSP:/path/to/msp";
}

Result<MspFolders::Value> MspFolders::parse(std::string_view text) {
  Value folders;
  std::string_view item;
  bool more = !text.empty();
  while (take_item(text, item, more)) {
    const auto colon = item.find(':');
    const bool is_sound = colon != std::string_view::npos && colon > 0 && colon + 1 < item.size();
    if (!is_sound || !folders.emplace(item.substr(0, colon), item.substr(colon + 1)).second) {
      return refused<MspFolders>(item);
    }
  }
  return folders;
}

std::string MspFolders::format(const Value& value) {
  std::string text;
  for (const auto& [msp_id, folder] : value) {
    text += (text.empty() ? "" : ",") + msp_id + ":" + folder;
  }
  return text;
}

std::string HostNames::allowed() {
  return "host names without ports, separated by commas; empty: none";
}

Result<HostNames::Value> HostNames::parse(std::string_view text) {
  Value names;
  if (text.empty()) return names;
  std::string_view name;
  for (bool more = true; take_item(text, name, more);) {
    const bool has_port = std::ranges::count(name, ':') == 1;
    if (!is_host_name(name) || has_port) return refused<HostNames>(name);
    names.emplace_back(name);
  }
  return names;
}

std::string HostNames::format(const Value& value) {
  return joined(value);
}

Result<Paths::Value> Paths::parse(std::string_view text) {
  Value paths;
  if (text.empty()) return paths;
  std::string_view path;
  for (bool more = true; take_item(text, path, more);) {
    if (path.empty()) return refused<Paths>(text);
    paths.emplace_back(path);
  }
  return paths;
}

std::string Paths::format(const Value& value) {
  return joined(value);
}

std::string ReplicaId::allowed() {
  return "up to 64 letters, digits, '.', '_' and '-', or empty";
}

Result<std::string> ReplicaId::parse(std::string_view text) {
  constexpr std::size_t kLongest = 64;
  const auto is_allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  };
  if (text.size() > kLongest || !std::ranges::all_of(text, is_allowed)) {
    return refused<ReplicaId>(text);
  }
  return std::string(text);
}

std::string KafkaBrokers::allowed() {
  return "addresses as host:port, separated by commas";
}

Result<std::string> KafkaBrokers::parse(std::string_view text) {
  std::string_view rest = text;
  std::string_view address;
  for (bool more = true; take_item(rest, address, more);) {
    if (address.empty() || !HostAndPort::parse(address)) return refused<KafkaBrokers>(text);
  }
  return std::string(text);
}

std::string StateDatabaseName::allowed() {
  return std::string(kEmbeddedName) + " or " + std::string(kCouchDbName);
}

Result<StateDatabase> StateDatabaseName::parse(std::string_view text) {
  const auto database = state_database_of(text);
  if (!database) return refused<StateDatabaseName>(text);
  return *database;
}

std::string ChannelIds::allowed() {
  return "different channel ids, separated by commas";
}

Result<ChannelIds::Value> ChannelIds::parse(std::string_view text) {
  Value channels;
  std::string_view id;
  for (bool more = true; take_item(text, id, more);) {
    if (auto allowed = check_channel_id(id, Limits().name_bytes_max); !allowed) {
      return unexpected(allowed.error());
    }
    if (std::ranges::find(channels, id) != channels.end()) {
      return fail(ErrorCode::kInvalid,
                  "'" + std::string(id) + "' is not named once: it stands in the list twice");
    }
    channels.emplace_back(id);
  }
  return channels;
}

std::string ChannelIds::format(const Value& value) {
  return joined(value);
}

}  // namespace ccbus::config_values
