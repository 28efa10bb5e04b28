#include "service/load/plan/request_factory.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "service/load/plan/random_share.h"

namespace ccbus::load {
namespace {

using namespace std::chrono_literals;

// The most that one transaction of the set-up writes: within what READY announces, and far below
// the largest frame.
constexpr std::uint64_t kKeysPerLoad = 500;
constexpr std::uint64_t kBytesPerLoad = 1u << 20;

// How long handler mode keeps a transaction open: enough for many round trips, and less than the
// execution timeout.
constexpr std::chrono::milliseconds kHoldMax = 1'000ms;
constexpr std::uint64_t kHoldKeys = 64;

// Letters, which any chaincode can store; random, so that compression gains little.
std::string random_text(std::size_t size, std::mt19937_64& random) {
  constexpr std::string_view kLetters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
  std::string text(size, ' ');
  for (char& letter : text) letter = kLetters[random() % kLetters.size()];
  return text;
}

void set_arguments(std::vector<std::string> arguments, Invocation& invocation) {
  invocation.clear_args();
  for (std::string& argument : arguments) invocation.add_args(std::move(argument));
}

KeyChooser::Options key_options(const WorkloadPlan& plan, std::string run) {
  return {plan.keys, plan.hot_keys, plan.hot_share, plan.seed, std::move(run)};
}

}  // namespace

Result<RequestFactory> RequestFactory::make(const WorkloadPlan& plan, std::string run) {
  auto arguments = ArgumentTemplate::parse(plan.arguments);
  if (!arguments) return unexpected(arguments.error());
  return RequestFactory(plan, std::move(run), std::move(*arguments));
}

RequestFactory::RequestFactory(const WorkloadPlan& plan, std::string run,
                               ArgumentTemplate arguments)
    : plan_(plan),
      channels_(plan.channel_ids()),
      template_(std::move(arguments)),
      keys_(key_options(plan, std::move(run))),
      random_(plan.seed),
      payload_(random_text(plan.payload_bytes, random_)) {}

bool RequestFactory::next_is_query() {
  switch (plan_.mode) {
    case Mode::kQuery:
    case Mode::kHandler: return true;
    case Mode::kMixed: return random_share(random_) < plan_.query_share;
    default: return false;
  }
}

bool RequestFactory::next(ClientRequest& request) {
  const bool is_query = next_is_query();
  Invocation& invocation = is_query ? *request.mutable_evaluate()->mutable_invocation()
                                    : *request.mutable_submit()->mutable_invocation();
  invocation.set_channel_id(channels_[made_ % channels_.size()]);
  invocation.set_chaincode_name(plan_.chaincode);
  write_arguments(is_query, invocation);
  ++made_;
  return is_query;
}

void RequestFactory::write_arguments(bool is_query, Invocation& invocation) {
  if (!plan_.is_built_in()) {
    const std::string key = template_.uses_key() ? keys_.next() : "";
    return set_arguments(template_.expand({made_, key, payload_}), invocation);
  }
  if (plan_.mode == Mode::kHandler) return set_arguments(to_arguments(hold_task()), invocation);
  set_arguments(to_arguments(run_task(is_query)), invocation);
}

RunTask RequestFactory::run_task(bool is_query) {
  RunTask task;
  task.gets = plan_.gets;
  task.puts = is_query ? 0 : plan_.puts;
  if (task.puts != 0) task.payload = payload_;
  task.think = plan_.think;
  if (plan_.range != 0) {
    const std::uint64_t begin = keys_.range_begin(plan_.range);
    task.range_begin = key_name(begin);
    task.range_end = key_name(begin + plan_.range);
  }
  const std::size_t keys = std::max(task.gets, task.puts);
  for (std::size_t i = 0; i < keys; ++i) task.keys.push_back(keys_.next());
  return task;
}

HoldTask RequestFactory::hold_task() {
  HoldTask task;
  task.time = std::min(kHoldMax, plan_.duration / 2);
  for (std::uint64_t i = 0; i < kHoldKeys; ++i) task.keys.push_back(keys_.next());
  return task;
}

std::vector<ClientRequest> RequestFactory::setup() const {
  std::vector<ClientRequest> requests;
  const bool reads = plan_.gets != 0 || plan_.range != 0;
  if (!plan_.is_built_in() || plan_.mode == Mode::kConnect || !reads) return requests;
  const std::uint64_t keys_per_load =
      std::clamp(kBytesPerLoad / (plan_.payload_bytes + 32), std::uint64_t{1}, kKeysPerLoad);
  for (const std::string& channel : channels_) {
    for (std::uint64_t first = 0; first < plan_.keys; first += keys_per_load) {
      LoadTask task{payload_, {}};
      const std::uint64_t end = std::min(plan_.keys, first + keys_per_load);
      for (std::uint64_t key = first; key < end; ++key) task.keys.push_back(key_name(key));
      Invocation& invocation = *requests.emplace_back().mutable_submit()->mutable_invocation();
      invocation.set_channel_id(channel);
      invocation.set_chaincode_name(plan_.chaincode);
      set_arguments(to_arguments(task), invocation);
    }
  }
  return requests;
}

}  // namespace ccbus::load
