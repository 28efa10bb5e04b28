#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <utility>

#include "bindings/cpp/src/shim/stream_loop.h"
#include "bindings/cpp/src/shim/worker_pool.h"
#include "bindings/cpp/src/transport/utf8.h"
#include "ccbus/shim/run.h"

namespace ccbus::shim {
namespace {

std::string environment_or(const char* name, const char* otherwise) {
  const char* const value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : otherwise;
}

Options checked(Options options) {
  if (options.chaincode_id.empty() || !transport::is_utf8(options.chaincode_id))
    throw std::invalid_argument(
        "the chaincode's name is missing: set --chaincode-id-name or CORE_CHAINCODE_ID_NAME");
  if (options.worker_threads == 0 || options.transactions_max == 0)
    throw std::invalid_argument("worker_threads and transactions_max must be at least 1");
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
  return options;
}

Shim::Shim(Options options, Chaincode& chaincode) {
  Options usable = checked(std::move(options));
  workers_ = std::make_unique<WorkerPool>(usable.worker_threads, chaincode);
  loop_ = std::make_unique<StreamLoop>(std::move(usable), *workers_);
}

Shim::~Shim() {
  stop();
}

void Shim::start() {
  workers_->start();
  loop_->start();
}

void Shim::stop() {
  // The stream ends first, since running transactions wait for it.
  loop_->stop();
  workers_->stop();
}

bool Shim::wait_ready(std::chrono::milliseconds timeout) const {
  return loop_->readiness().wait(timeout);
}

protos::ChaincodeAdditionalParams Shim::offered() const {
  return loop_->readiness().offered();
}

}  // namespace ccbus::shim
