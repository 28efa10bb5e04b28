#include "service/load/workload_plan.h"

#include <array>
#include <cmath>
#include <utility>

#include "service/duration.h"

namespace ccbus::load {
namespace {

constexpr std::array<std::pair<Mode, std::string_view>, 5> kModes = {{
    {Mode::kInvoke, "invoke"},
    {Mode::kQuery, "query"},
    {Mode::kHandler, "handler"},
    {Mode::kConnect, "connect"},
    {Mode::kMixed, "mixed"},
}};

// 2.5 as 2.5 and not as 2.500000.
std::string shown(double value) {
  std::string text = std::to_string(value);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

Result<void> check_count(const char* flag, std::uint64_t value, std::uint64_t min,
                         std::uint64_t max) {
  if (value >= min && value <= max) return {};
  return fail(ErrorCode::kInvalid, std::string(flag) + " is " + std::to_string(value) +
                                       "; it takes " + std::to_string(min) + " to " +
                                       std::to_string(max));
}

Result<void> check_real(const char* flag, double value, double max) {
  if (std::isfinite(value) && value >= 0 && value <= max) return {};
  return fail(ErrorCode::kInvalid,
              std::string(flag) + " is " + shown(value) + "; it takes 0 to " + shown(max));
}

Result<void> check_duration(const char* flag, std::chrono::milliseconds value,
                            std::chrono::milliseconds min) {
  if (value >= min && value <= kDurationMax) return {};
  return fail(ErrorCode::kInvalid, std::string(flag) + " is " + format_duration(value) +
                                       "; it takes " + format_duration(min) + " to " +
                                       format_duration(kDurationMax));
}

Result<void> refuse(const std::string& text) {
  return fail(ErrorCode::kInvalid, text);
}

// What the flags say together.
Result<void> check_combination(const WorkloadPlan& plan) {
  if (plan.in_flight_total() > kInFlightTotalMax) {
    const bool by_dealer = plan.mode == Mode::kHandler;
    return refuse("--in-flight is " + std::to_string(plan.in_flight) + ", for " +
                  std::to_string(by_dealer ? plan.dealers : plan.clients) +
                  (by_dealer ? " dealers" : " clients") + " " +
                  std::to_string(plan.in_flight_total()) + " together; the limit is " +
                  std::to_string(kInFlightTotalMax));
  }
  if (plan.chaincode_processes > plan.dealers) {
    return refuse("--chaincode-processes is " + std::to_string(plan.chaincode_processes) +
                  ", more than the " + std::to_string(plan.dealers) + " of --dealers");
  }
  if (plan.keys != 0 && plan.hot_keys > plan.keys) {
    return refuse("--hot-keys is " + std::to_string(plan.hot_keys) + ", more than the " +
                  std::to_string(plan.keys) + " of --keys");
  }
  if (plan.keys == 0 && (plan.hot_keys != 0 || plan.range != 0)) {
    return refuse("--keys is 0, every access to a new key: --hot-keys and --range need keys");
  }
  if (plan.mode == Mode::kHandler && plan.is_open_loop()) {
    return refuse("--rate does not go with handler: each transaction has one message under way");
  }
  const bool needs_own_dealers = plan.mode == Mode::kHandler || plan.mode == Mode::kConnect;
  if (!plan.is_built_in() && (needs_own_dealers || plan.churn > 0)) {
    return refuse("-c names a chaincode that is connected already; " +
                  (needs_own_dealers ? std::string(to_string(plan.mode)) : "--churn") +
                  " needs the dealers that bench starts itself");
  }
  if (plan.churn > 0 && plan.mode != Mode::kMixed) {
    return refuse("--churn goes with mixed, not with " + std::string(to_string(plan.mode)));
  }
  const bool does_nothing = plan.gets == 0 && plan.puts == 0 && plan.range == 0;
  if (plan.mode == Mode::kHandler && plan.gets == 0) {
    return refuse("--gets is 0; handler measures reads, at least 1");
  }
  if (plan.mode == Mode::kInvoke && plan.is_built_in() && does_nothing) {
    return refuse("--gets, --puts and --range are 0; a transaction has to do something");
  }
  return {};
}

}  // namespace

std::string_view to_string(Mode mode) {
  for (const auto& [known, name] : kModes) {
    if (known == mode) return name;
  }
  return "unknown";
}

std::optional<Mode> parse_mode(std::string_view text) {
  for (const auto& [mode, name] : kModes) {
    if (name == text) return mode;
  }
  return std::nullopt;
}

std::uint64_t WorkloadPlan::in_flight_total() const {
  switch (mode) {
    case Mode::kHandler: return std::uint64_t{in_flight} * dealers;
    case Mode::kConnect: return in_flight;
    default: return std::uint64_t{in_flight} * clients;
  }
}

std::vector<std::string> WorkloadPlan::channel_ids() const {
  if (channels == 1) return {channel};
  std::vector<std::string> ids;
  for (std::uint32_t i = 1; i <= channels; ++i) ids.push_back(channel + "-" + std::to_string(i));
  return ids;
}

Result<void> validate(const WorkloadPlan& plan) {
  using std::chrono::milliseconds;
  for (const auto& checked : {
           check_count("--dealers", plan.dealers, 1, kDealersMax),
           check_count("--chaincode-processes", plan.chaincode_processes, 1,
                       kChaincodeProcessesMax),
           check_count("--clients", plan.clients, 1, kClientsMax),
           check_count("--in-flight", plan.in_flight, 1, kInFlightTotalMax),
           check_real("--rate", plan.rate, kRateMax),
           check_duration("--duration", plan.duration, milliseconds(100)),
           check_duration("--warmup", plan.warmup, milliseconds(0)),
           check_count("--gets", plan.gets, 0, kAccessesMax),
           check_count("--puts", plan.puts, 0, kAccessesMax),
           check_count("--range", plan.range, 0, kRangeMax),
           check_count("--payload-bytes", plan.payload_bytes, 0, kPayloadBytesMax),
           check_count("--keys", plan.keys, 0, kKeysMax),
           check_real("--hot-share", plan.hot_share, 1),
           check_real("--query-share", plan.query_share, 1),
           check_real("--churn", plan.churn, kRateMax),
           check_count("--channels", plan.channels, 1, kChannelsMax),
           check_combination(plan),
       }) {
    if (!checked) return checked;
  }
  return {};
}

}  // namespace ccbus::load
