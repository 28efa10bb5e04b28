#include "service/load/plan/workload_plan.h"

#include <algorithm>
#include <array>
#include <utility>

#include "service/load/plan/plan_options.h"

namespace ccbus::load {
namespace {

constexpr std::array<std::pair<Mode, std::string_view>, 5> kModes = {{
    {Mode::kInvoke, "invoke"},
    {Mode::kQuery, "query"},
    {Mode::kHandler, "handler"},
    {Mode::kConnect, "connect"},
    {Mode::kMixed, "mixed"},
}};

constexpr std::array<std::string_view, 3> kSdks = {"auto", "cpp", "none"};

constexpr std::uint32_t kOpenLoopInFlight = 1'000;  // Of all clients together.

Result<void> refuse(const std::string& text) {
  return fail(ErrorCode::kInvalid, text);
}

// What speaks against a chaincode on the SDK; empty if nothing does.
std::string sdk_obstacle(const WorkloadPlan& plan) {
  if (plan.mode == Mode::kHandler || plan.mode == Mode::kConnect) {
    return std::string(to_string(plan.mode)) + " is made of single messages";
  }
  if (plan.churn > 0) return "--churn ends streams, which the SDK does not";
  if (plan.think.count() != 0) return "--think makes the chaincode wait outside of its stub";
  const std::uint64_t room = std::uint64_t{kSdkDealersMax} * plan.chaincode_processes;
  if (plan.dealers > room) {
    return "--dealers is " + std::to_string(plan.dealers) + ", more than " +
           std::to_string(kSdkDealersMax) + " for each of --chaincode-processes";
  }
  return {};
}

Result<void> check_sdk(const WorkloadPlan& plan) {
  if (std::ranges::find(kSdks, plan.sdk) == kSdks.end()) {
    return refuse("--sdk is '" + plan.sdk + "'; it takes auto, cpp or none");
  }
  if (plan.sdk != "cpp") return {};
  if (!plan.is_built_in())
    return refuse("--sdk is of the built-in chaincode; -c names another one");
  if (const std::string obstacle = sdk_obstacle(plan); !obstacle.empty()) {
    return refuse("--sdk cpp: " + obstacle);
  }
  return {};
}

// Checks the options that limit each other.
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
  if (plan.think.count() != 0 && !plan.is_built_in()) {
    return refuse("--think is of the built-in chaincode; -c names another one");
  }
  if (auto sdk = check_sdk(plan); !sdk) return sdk;
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

bool WorkloadPlan::uses_sdk() const {
  return is_built_in() && sdk != "none" && sdk_obstacle(*this).empty();
}

std::vector<std::string> WorkloadPlan::channel_ids() const {
  if (channels == 1) return {channel};
  std::vector<std::string> ids;
  for (std::uint32_t i = 1; i <= channels; ++i) ids.push_back(channel + "-" + std::to_string(i));
  return ids;
}

std::uint32_t open_loop_in_flight(const WorkloadPlan& plan) {
  return std::max(1u, kOpenLoopInFlight / std::max(1u, plan.clients));
}

Result<void> validate(const WorkloadPlan& plan) {
  for (const PlanOption& option : plan_options()) {
    if (auto checked = check_option(option, plan); !checked) {
      return refuse("--" + std::string(option.name) + " " + checked.error().message);
    }
  }
  return check_combination(plan);
}

}  // namespace ccbus::load
