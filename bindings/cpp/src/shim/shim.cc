#include <cstdlib>
#include <iostream>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>

#include "bindings/cpp/src/shim/fiber_runner.h"
#include "bindings/cpp/src/shim/outbound_queue.h"
#include "bindings/cpp/src/shim/running_fiber.h"
#include "bindings/cpp/src/shim/stream_loop.h"
#include "bindings/cpp/src/shim/stream_threads.h"
#include "bindings/cpp/src/shim/turn_watch.h"
#include "bindings/cpp/src/shim/worker_pool.h"
#include "bindings/cpp/src/transport/utf8.h"
#include "ccbus/shim/run.h"

namespace ccbus::shim {
namespace {

constexpr std::size_t kFiberStackBytesMin = 64 << 10;
constexpr std::size_t kReportedFunctionsMax = 1'000;

std::string environment_or(const char* name, const char* otherwise) {
  const char* const value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : otherwise;
}

Options checked(Options options) {
  if (options.chaincode_id.empty() || !transport::is_utf8(options.chaincode_id))
    throw std::invalid_argument(
        "the chaincode's name is missing: set --chaincode-id-name or CORE_CHAINCODE_ID_NAME");
  if (options.transactions_max == 0 || options.fibers_max == 0)
    throw std::invalid_argument("transactions_max and fibers_max must be at least 1");
  if (options.fiber_stack_bytes < kFiberStackBytesMin)
    throw std::invalid_argument("the stack of a fiber must have " +
                                std::to_string(kFiberStackBytesMin >> 10) + " KiB or more");
  if (options.turn_max.count() < 1) throw std::invalid_argument("turn_max must be at least 1 ms");
  if (options.reconnect_delay_min.count() < 1 ||
      options.reconnect_delay_max < options.reconnect_delay_min)
    throw std::invalid_argument("reconnect_delay_min must be 1 ms or more and not above the max");
  if (!options.log)
    options.log = [](std::string_view line) { std::cerr << std::string(line) + "\n"; };
  return options;
}

}  // namespace

Options Options::from_environment() {
  Options options;
  options.peer_address = environment_or("CORE_PEER_ADDRESS", "tcp://127.0.0.1:7052");
  options.chaincode_id = environment_or("CORE_CHAINCODE_ID_NAME", "");
  options.keys = curve::keys_from_environment();
  return options;
}

// The objects of a Shim. Those that use others stand below them.
struct Shim::Parts {
  Parts(const Options& options, Chaincode& chaincode)
      : watch(options.turn_max, {[this] { return prepare_replacement(); }, [this] { replace(); }}),
        runner(made_runner(options, chaincode)),
        loop(options, *runner, outbound),
        threads(1 + options.blocked_threads_max, [this] { return loop.run(); }) {}

  std::unique_ptr<TransactionRunner> made_runner(const Options& options, Chaincode& chaincode) {
    if (options.worker_threads > 0) {
      auto made = std::make_unique<WorkerPool>(options.worker_threads, chaincode, outbound);
      workers = made.get();
      return made;
    }
    auto made = std::make_unique<FiberRunner>(options, chaincode, outbound, watch);
    fibers = made.get();
    return made;
  }

  // The watch's thread, as replace().
  bool prepare_replacement() {
    if (threads.prepare()) return true;
    if (!std::exchange(reported, true))
      loop.log("the chaincode has held each of the threads that it may block for too long; until " +
               std::string("it returns, nothing else runs: set --workers"));
    return false;
  }

  void replace() {
    reported = false;
    const std::string function(fibers->leave_current_behind());
    // Once for each function, for which so many lines are enough.
    if (reported_functions.size() < kReportedFunctionsMax &&
        reported_functions.insert(function).second)
      loop.log(
          "the chaincode's function \"" + function +
          "\" has held the stream's thread for too long without a call of its stub; another " +
          "thread goes on with the other transactions. If it blocks or computes, set --workers");
    threads.pass_on();
  }

  OutboundQueue outbound;
  TurnWatch watch;                // Used for fibers only.
  WorkerPool* workers = nullptr;  // One of the two; it is the runner.
  FiberRunner* fibers = nullptr;
  std::unique_ptr<TransactionRunner> runner;
  StreamLoop loop;
  StreamThreads threads;

  // The watch's thread.
  bool reported = false;  // That nobody can go on.
  std::set<std::string> reported_functions;
};

Shim::Shim(Options options, Chaincode& chaincode)
    : parts_(std::make_unique<Parts>(checked(std::move(options)), chaincode)) {}

Shim::~Shim() {
  stop();
}

void Shim::start() {
  if (parts_->workers != nullptr) {
    parts_->workers->start_threads();
  } else {
    report_stack_overflows();
    parts_->watch.start();
  }
  parts_->threads.start();
}

void Shim::stop() {
  // The stream ends first, since running transactions wait for it.
  parts_->loop.stop();
  parts_->threads.join([this] { parts_->watch.stop(); });
  if (parts_->workers != nullptr) parts_->workers->stop();
}

bool Shim::wait_ready(std::chrono::milliseconds timeout) const {
  return parts_->loop.readiness().wait(timeout);
}

protos::ChaincodeAdditionalParams Shim::offered() const {
  return parts_->loop.readiness().offered();
}

}  // namespace ccbus::shim
