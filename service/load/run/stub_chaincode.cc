#include "service/load/run/stub_chaincode.h"

#include <chrono>
#include <string>
#include <utility>
#include <variant>

namespace ccbus::load {
namespace {

using Clock = std::chrono::steady_clock;

}  // namespace

StubChaincode::StubChaincode() : tally_({SteadyTime::max(), SteadyTime::max()}) {}

shim::Response StubChaincode::invoke(shim::Stub& stub) {
  const auto task = parse_arguments(stub.args());
  if (!task) return shim::error(task.error().message);
  return std::visit([&](const auto& one) { return carry_out(stub, one); }, *task);
}

void StubChaincode::measure(const Window& window) {
  const MutexLock lock(mutex_);
  tally_ = OutcomeTally(window);
}

void StubChaincode::shorten(SteadyTime until) {
  const MutexLock lock(mutex_);
  tally_.shorten(until);
}

std::uint64_t StubChaincode::measured() const {
  const MutexLock lock(mutex_);
  return tally_.measured().succeeded;
}

OutcomeTally StubChaincode::tally() const {
  const MutexLock lock(mutex_);
  return tally_;
}

template <class Call>
auto StubChaincode::timed(const Call& call) {
  const SteadyTime asked = Clock::now();
  try {
    auto answer = call();
    count(asked, Outcome::kSucceeded);
    return answer;
  } catch (...) {
    count(asked, Outcome::kFailed);
    throw;
  }
}

void StubChaincode::count(SteadyTime asked, Outcome outcome) {
  const MutexLock lock(mutex_);
  tally_.sent(asked);
  tally_.ended(asked, Clock::now(), outcome, outcome == Outcome::kFailed ? "ERROR" : "");
}

shim::Response StubChaincode::carry_out(shim::Stub& stub, const RunTask& task) {
  std::string last;
  for (std::size_t i = 0; i < task.gets; ++i) {
    last = timed([&] { return stub.get_state(task.keys[i]); });
  }
  if (!task.range_begin.empty()) {
    auto entries = timed([&] { return stub.get_state_by_range(task.range_begin, task.range_end); });
    while (entries.next()) {
    }
  }
  for (std::size_t i = 0; i < task.puts; ++i) {
    static_cast<void>(timed([&] {
      stub.put_state(task.keys[i], task.payload);
      return true;
    }));
  }
  return shim::success(std::move(last));
}

shim::Response StubChaincode::carry_out(shim::Stub& stub, const LoadTask& task) {
  stub.start_write_batch();
  for (const std::string& key : task.keys) stub.put_state(key, task.payload);
  static_cast<void>(timed([&] {
    stub.finish_write_batch();
    return true;
  }));
  return shim::success();
}

// Held transactions are of `handler`, which is not made with the SDK.
shim::Response StubChaincode::carry_out(shim::Stub&, const HoldTask&) {
  return shim::error("a chaincode on the SDK holds no transaction open");
}

}  // namespace ccbus::load
