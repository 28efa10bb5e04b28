#include "service/load/plan/plan_options.h"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <type_traits>

#include "service/base/duration.h"

namespace ccbus::load {
namespace {

using std::chrono::milliseconds;
using Plan = WorkloadPlan;

constexpr unsigned bit(Mode mode) {
  return 1u << static_cast<unsigned>(mode);
}
constexpr unsigned kMixedOnly = bit(Mode::kMixed);
constexpr unsigned kWriting = bit(Mode::kInvoke) | kMixedOnly;
constexpr unsigned kRunning = kWriting | bit(Mode::kQuery);
constexpr unsigned kOnChannels = kRunning | bit(Mode::kHandler);
constexpr unsigned kInArrivals = kRunning | bit(Mode::kConnect);
constexpr unsigned kAll = kOnChannels | bit(Mode::kConnect);

constexpr std::uint64_t kAnyNumber = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t kNameBytesMax = 255;
constexpr std::uint64_t kDurationMaxMs = milliseconds(kDurationMax).count();
constexpr std::uint64_t kRateMaxCount = static_cast<std::uint64_t>(kRateMax);

constexpr std::array<PlanOption, 22> kOptions = {{
    {"dealers", "", &Plan::dealers, 1, kDealersMax, kOnChannels, "Chaincode connections to start"},
    {"chaincode-processes", "", &Plan::chaincode_processes, 1, kChaincodeProcessesMax, kOnChannels,
     "Processes that they are spread over"},
    {"sdk", "", &Plan::sdk, 1, kNameBytesMax, kRunning,
     "The built-in chaincode: cpp, on the C++ SDK, as a user's; none, a bare DEALER loop, which "
     "shows what the service alone can do; auto, cpp for up to 16 dealers in a process, without "
     "--think and --churn"},
    {"clients", "", &Plan::clients, 1, kClientsMax, kOnChannels, "Client connections"},
    {"in-flight", "", &Plan::in_flight, 1, kInFlightTotalMax, kAll,
     "Open at the same time: requests of each client; transactions of each dealer (handler); "
     "connecting chaincodes (connect)"},

    {"rate", "", &Plan::rate, 0, kRateMaxCount, kInArrivals,
     "Open loop: Poisson arrivals per second, whether or not the service keeps up. 0: a closed "
     "loop, in which each response starts the next request"},
    {"duration", "", &Plan::duration, 100, kDurationMaxMs, kAll, "How long to measure"},
    {"warmup", "", &Plan::warmup, 0, kDurationMaxMs, kAll, "The same load before it, not measured"},
    {"seed", "", &Plan::seed, 0, kAnyNumber, kAll, "The same seed gives the same requests"},

    {"gets", "", &Plan::gets, 0, kAccessesMax, kRunning, "Keys that a transaction reads"},
    {"puts", "", &Plan::puts, 0, kAccessesMax, kWriting,
     "Keys that it writes: those that it read first"},
    {"range", "", &Plan::range, 0, kRangeMax, kRunning, "Keys of one range that it reads"},
    {"think", "", &Plan::think, 0, milliseconds(kThinkMax).count(), kRunning,
     "How long the chaincode waits between its reads and its writes"},
    {"payload-bytes", "", &Plan::payload_bytes, 0, kPayloadBytesMax, kOnChannels,
     "Bytes of a value"},
    {"keys", "", &Plan::keys, 0, kKeysMax, kOnChannels,
     "Keys to choose from, written before the run. 0: every access uses a new key"},
    {"hot-keys", "", &Plan::hot_keys, 0, kAnyNumber, kOnChannels,
     "Contention: how many of the first keys are hot. 0: none"},
    {"hot-share", "", &Plan::hot_share, 0, 1, kOnChannels,
     "Share of the accesses that go to hot keys"},
    {"query-share", "", &Plan::query_share, 0, 1, kMixedOnly, "Share of queries, 0 to 1"},
    {"churn", "", &Plan::churn, 0, kRateMaxCount, kMixedOnly,
     "Dealers that leave and register again, per second"},

    {"channel", "-C,--channelID", &Plan::channel, 1, kNameBytesMax, kOnChannels, "The channel"},
    {"channels", "", &Plan::channels, 1, kChannelsMax, kOnChannels,
     "Number of channels; above 1 they are named CHANNEL-1, CHANNEL-2, ..."},
    {"chaincode", "-n,--chaincode", &Plan::chaincode, 1, kNameBytesMax, kAll,
     "The chaincode's name"},
}};

// Writes 2.5 as 2.5 and not as 2.500000.
std::string shown(double value) {
  std::array<char, 32> text{};
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() ? std::string(text.data(), end) : "none";
}

std::string to_text(double value) {
  return shown(value);
}
std::string to_text(milliseconds value) {
  return format_duration(value);
}
std::string to_text(const std::string& value) {
  return value;
}
template <class Number>
std::string to_text(Number value) {
  return std::to_string(value);
}

template <class Number>
Result<Number> parsed(std::string_view text) {
  if constexpr (std::is_same_v<Number, std::string>) {
    return std::string(text);
  } else if constexpr (std::is_same_v<Number, milliseconds>) {
    return parse_duration(text);
  } else {
    Number value{};
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, value);
    if (read.ec == std::errc() && read.ptr == end && !text.empty()) return value;
    std::string complaint = "'" + std::string(text) + "' is no number";
    if constexpr (std::is_integral_v<Number>) {
      complaint += " from 0 to " + std::to_string(std::numeric_limits<Number>::max());
    }
    return fail(ErrorCode::kInvalid, complaint);
  }
}

bool is_within(double value, std::uint64_t min, std::uint64_t max) {
  return std::isfinite(value) && value >= static_cast<double>(min) &&
         value <= static_cast<double>(max);
}
bool is_within(milliseconds value, std::uint64_t min, std::uint64_t max) {
  return value.count() >= 0 && static_cast<std::uint64_t>(value.count()) >= min &&
         static_cast<std::uint64_t>(value.count()) <= max;
}
bool is_within(const std::string& value, std::uint64_t min, std::uint64_t max) {
  return value.size() >= min && value.size() <= max;
}
template <class Number>
bool is_within(Number value, std::uint64_t min, std::uint64_t max) {
  return value >= min && value <= max;
}

std::string range_text(const PlanOption& option) {
  if (std::holds_alternative<std::string Plan::*>(option.member)) {
    return std::to_string(option.min) + " to " + std::to_string(option.max) + " bytes";
  }
  if (!std::holds_alternative<milliseconds Plan::*>(option.member)) {
    return std::to_string(option.min) + " to " + std::to_string(option.max);
  }
  const auto duration = [](std::uint64_t ms) {
    return format_duration(milliseconds(static_cast<std::int64_t>(ms)));
  };
  return duration(option.min) + " to " + duration(option.max);
}

}  // namespace

std::span<const PlanOption> plan_options() {
  return kOptions;
}

const PlanOption* find_plan_option(std::string_view name) {
  for (const PlanOption& option : kOptions) {
    if (option.name == name) return &option;
  }
  return nullptr;
}

Result<void> set_option(const PlanOption& option, std::string_view text, WorkloadPlan& plan) {
  return std::visit(
      [&](auto member) -> Result<void> {
        auto value = parsed<std::remove_reference_t<decltype(plan.*member)>>(text);
        if (!value) return unexpected(value.error());
        plan.*member = std::move(*value);
        return {};
      },
      option.member);
}

std::string option_text(const PlanOption& option, const WorkloadPlan& plan) {
  return std::visit([&](auto member) { return to_text(plan.*member); }, option.member);
}

Result<void> check_option(const PlanOption& option, const WorkloadPlan& plan) {
  const bool is_good = std::visit(
      [&](auto member) { return is_within(plan.*member, option.min, option.max); }, option.member);
  if (is_good) return {};
  return fail(ErrorCode::kInvalid,
              "is " + option_text(option, plan) + "; it takes " + range_text(option));
}

}  // namespace ccbus::load
