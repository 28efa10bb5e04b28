#include "bindings/cpp/src/shim/fiber_runner.h"

#include <ctime>
#include <optional>
#include <string>
#include <utility>

#include "bindings/cpp/src/shim/fiber_transaction.h"

namespace ccbus::shim {
namespace {

using namespace std::chrono_literals;

// How long fibers run before what they have sent goes out and what has arrived is read.
constexpr std::chrono::nanoseconds kRunMax = 5ms;

// Precise to a few milliseconds, and cheap enough for every turn of a fiber.
std::chrono::nanoseconds coarse_now() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

// The runner itself has made every transaction that it is given.
FiberTransaction& of_fiber(Transaction& transaction) {
  return static_cast<FiberTransaction&>(transaction);
}

}  // namespace

FiberRunner::FiberRunner(const Options& options, Chaincode& chaincode, OutboundQueue& outbound,
                         TurnWatch& watch)
    : fibers_max_(options.fibers_max),
      chaincode_(chaincode),
      outbound_(outbound),
      watch_(watch),
      stacks_(options.fiber_stack_bytes) {}

FiberRunner::~FiberRunner() = default;

std::unique_ptr<Transaction> FiberRunner::make(std::uint64_t stream,
                                               protos::ChaincodeMessage message,
                                               const Readiness& readiness) {
  return std::make_unique<FiberTransaction>(stream, std::move(message), readiness, *this);
}

void FiberRunner::start(Transaction& transaction) {
  waiting_.push_back(&of_fiber(transaction));
}

FiberRunner::Turn FiberRunner::run(std::vector<Outbound>& messages) {
  messages_ = &messages;
  const auto end = coarse_now() + kRunMax;
  while (!ready_.empty()) {
    FiberTransaction& transaction = *ready_.front();
    ready_.pop_front();
    if (!resume(transaction)) return Turn::kTaken;
    if (coarse_now() > end) return Turn::kMore;
  }
  while (!waiting_.empty() && stacks_.in_use() < fibers_max_) {
    FiberTransaction& transaction = *waiting_.front();
    std::optional<FiberStack> stack = stacks_.take();
    if (!stack && stacks_.in_use() > 0) break;  // Until another transaction ends.
    waiting_.pop_front();
    if (!stack) {
      send({&transaction, transaction.refuse("the chaincode's process is out of memory"), true});
      continue;
    }
    transaction.start(*stack);
    if (!resume(transaction)) return Turn::kTaken;
    if (coarse_now() > end) return Turn::kMore;
  }
  return Turn::kDone;
}

bool FiberRunner::resume(FiberTransaction& transaction) {
  current_ = &transaction;
  const FiberTransaction::Outcome outcome = transaction.resume();
  if (outcome == FiberTransaction::Outcome::kTaken) {
    outbound_.push({&transaction, transaction.answer(), true});
    return false;
  }
  current_ = nullptr;
  if (outcome == FiberTransaction::Outcome::kEnded)
    send({&transaction, transaction.answer(), true});
  return true;
}

void FiberRunner::ended(Transaction& transaction) {
  if (const auto stack = of_fiber(transaction).stack()) stacks_.give_back(*stack);
}

std::string_view FiberRunner::leave_current_behind() {
  return std::exchange(current_, nullptr)->function();
}

}  // namespace ccbus::shim
