#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "service/base/duration.h"
#include "service/config/config.h"

// The kinds of values in the configuration. Each kind describes which texts it allows, reads such a
// text, and writes a value back:
//
//   using Value = ...;
//   static std::string allowed();                     // "true or false"
//   static Result<Value> parse(std::string_view);     // kInvalid: 'yes' is not true or false
//   static std::string format(const Value&);
//
// The errors of parse() quote allowed(), and both take a range from the same numbers, so the
// documentation, which is generated from allowed(), always agrees with what is accepted.
namespace ccbus::config_values {

template <class Kind>
[[nodiscard]] unexpected<Error> refused(std::string_view text) {
  return fail(ErrorCode::kInvalid, "'" + std::string(text) + "' is not " + Kind::allowed());
}

// Reads a whole number. Returns nullopt if the text is anything but digits, or is too large.
[[nodiscard]] std::optional<std::uint64_t> whole_number(std::string_view text);

template <std::uint64_t Min, std::uint64_t Max>
struct Count {
  using Value = std::uint64_t;
  static std::string allowed() {
    return "a whole number from " + std::to_string(Min) + " to " + std::to_string(Max);
  }
  static Result<Value> parse(std::string_view text) {
    const auto number = whole_number(text);
    if (!number || *number < Min || *number > Max) return refused<Count>(text);
    return *number;
  }
  static std::string format(Value value) { return std::to_string(value); }
};

// Both in milliseconds.
inline constexpr std::int64_t kSecond = 1'000;
inline constexpr std::int64_t kHour = 3'600 * kSecond;
inline constexpr std::int64_t kNoEnd = std::numeric_limits<std::int64_t>::max();

template <std::int64_t Min, std::int64_t Max>
struct Duration {
  using Value = std::chrono::milliseconds;
  static constexpr Value kMin{Min};
  static constexpr Value kMax{Max};

  static std::string allowed() {
    std::string text = "a duration";
    if (Min > 0 && Max < kNoEnd) {
      text += " from " + format_duration(kMin) + " to " + format_duration(kMax);
    } else if (Min > 0) {
      text += " of at least " + format_duration(kMin);
    } else if (Max < kNoEnd) {
      text += " of at most " + format_duration(kMax);
    }
    return text;
  }
  static Result<Value> parse(std::string_view text) {
    auto duration = parse_duration(text);
    if (duration && (*duration < kMin || *duration > kMax)) return refused<Duration>(text);
    return duration;
  }
  static std::string format(Value value) { return format_duration(value); }
};

// A duration, or as in Fabric's core.yaml a number of seconds without a unit.
struct Interval {
  using Value = std::chrono::milliseconds;
  static std::string allowed();
  static Result<Value> parse(std::string_view text);
  static std::string format(Value value) { return format_duration(value); }
};

// One of two words; the first one means true.
template <const char* True, const char* False>
struct Either {
  using Value = bool;
  static std::string allowed() { return std::string(True) + " or " + False; }
  static Result<Value> parse(std::string_view text) {
    if (text != True && text != False) return refused<Either>(text);
    return text == True;
  }
  static std::string format(Value value) { return value ? True : False; }
};

// One of the names in service/base/state_database.h.
struct StateDatabaseName {
  using Value = StateDatabase;
  static std::string allowed();
  static Result<Value> parse(std::string_view text);
  static std::string format(Value value) { return std::string(name_of(value)); }
};

struct TextKind {
  using Value = std::string;
  static std::string format(const Value& value) { return value; }
};

// An address of ZeroMQ: see endpoint_address.h.
struct Endpoint : TextKind {
  static std::string allowed();
  static Result<Value> parse(std::string_view text);
};

// The same, or empty for none.
struct OptionalEndpoint : TextKind {
  static std::string allowed();
  static Result<Value> parse(std::string_view text);
};

// A file or directory, or empty for none.
struct Path : TextKind {
  static std::string allowed() { return "a path, or empty"; }
  static Result<Value> parse(std::string_view text) { return std::string(text); }
};

// Files, or empty for none.
struct Paths {
  using Value = std::vector<std::string>;
  static std::string allowed() { return "paths, separated by commas; empty: none"; }
  static Result<Value> parse(std::string_view text);
  static std::string format(const Value& value);
};

// An address for HTTP, without a transport; empty if nothing is to be served.
struct HostAndPort : TextKind {
  static std::string allowed();
  static Result<Value> parse(std::string_view text);
};

struct MspId : TextKind {
  static std::string allowed();
  static Result<Value> parse(std::string_view text);
};

struct LogLevel : TextKind {
  static std::string allowed();
  static Result<Value> parse(std::string_view text);
};

// nullopt stands for a ledger in memory.
struct LedgerDirectory {
  using Value = std::optional<std::filesystem::path>;
  static std::string allowed();
  static Result<Value> parse(std::string_view text);
  static std::string format(const Value& value);
};

struct ChannelIds {
  using Value = std::vector<std::string>;
  static std::string allowed();
  static Result<Value> parse(std::string_view text);
  static std::string format(const Value& value);
};

// Folders of local MSPs, by MSP id: "Org1MSP:/etc/ccbus/org1/msp". Empty if there are none.
struct MspFolders {
  using Value = std::map<std::string, std::string>;
  static std::string allowed();
  static Result<Value> parse(std::string_view text);
  static std::string format(const Value& value);
};

// Names of this machine, without ports. Empty if there are none.
struct HostNames {
  using Value = std::vector<std::string>;
  static std::string allowed();
  static Result<Value> parse(std::string_view text);
  static std::string format(const Value& value);
};

// What a service is called in a log that several share; empty if a name is to be made.
struct ReplicaId : TextKind {
  static std::string allowed();
  static Result<Value> parse(std::string_view text);
};

// "host:9092,host:9092".
struct KafkaBrokers : TextKind {
  static std::string allowed();
  static Result<Value> parse(std::string_view text);
};

// Accesses a member of the values, or of the limits in the service's.
template <class Values, class Type>
Type& at(Values& values, Type Values::*member) {
  return values.*member;
}
template <class Values, class Type>
const Type& at(const Values& values, Type Values::*member) {
  return values.*member;
}
template <class Type>
Type& at(Config& config, Type Limits::*member) {
  return config.limits.*member;
}
template <class Type>
const Type& at(const Config& config, Type Limits::*member) {
  return config.limits.*member;
}

template <class Values, class Kind, auto Member>
Result<void> set(Values& values, std::string_view text) {
  auto value = Kind::parse(text);
  if (!value) return unexpected(value.error());
  auto& member = at(values, Member);
  member = static_cast<std::remove_reference_t<decltype(member)>>(std::move(*value));
  return {};
}

template <class Values, class Kind, auto Member>
std::string show(const Values& values) {
  return Kind::format(at(values, Member));
}

// Makes the key that sets this member to values of this kind.
template <class Values, class Kind, auto Member>
constexpr KeyOf<Values> key_of(std::string_view path, std::string_view help) {
  return {path, help, &Kind::allowed, &set<Values, Kind, Member>, &show<Values, Kind, Member>};
}
template <class Kind, auto Member>
constexpr ConfigKey key(std::string_view path, std::string_view help) {
  return key_of<Config, Kind, Member>(path, help);
}

}  // namespace ccbus::config_values
