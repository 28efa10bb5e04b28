#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "ccbus/shim/chaincode.h"
#include "ccbus/shim/stub.h"

namespace ccbus::shim {

class StreamLoop;
class WorkerPool;

struct Options {
  std::string peer_address;  // host:port or an endpoint such as tcp://host:port.
  std::string chaincode_id;  // The name to register: "basic" or "basic:1.0".

  std::size_t worker_threads = 16;        // Transactions that run at the same time.
  std::size_t transactions_max = 10'000;  // Running and waiting; more are refused with ERROR.

  // After the end of a stream the next attempt waits from the smallest delay, doubling up to the
  // largest, each shortened at random by up to a half. A refusal waits at least its own delay.
  std::chrono::milliseconds reconnect_delay_min{50};
  std::chrono::milliseconds reconnect_delay_max{2'000};
  std::chrono::milliseconds refused_delay_min{1'000};

  std::chrono::milliseconds connect_timeout{3'000};        // Until the transport's handshake.
  std::chrono::milliseconds registration_timeout{10'000};  // From then until READY.

  // Gets one line at a time, from the I/O thread. Empty: standard error.
  std::function<void(std::string_view line)> log;

  // CORE_PEER_ADDRESS, else tcp://127.0.0.1:7052; CORE_CHAINCODE_ID_NAME, else empty.
  [[nodiscard]] static Options from_environment();
};

// A chaincode process's connection to its peer. It registers, runs transactions, and registers
// again from a new socket whenever the stream ends, until it is stopped.
//
// Thread: start, stop, wait_ready and offered from any thread but the chaincode's own workers.
class Shim {
 public:
  // `chaincode` outlives the Shim. Errors: std::invalid_argument for options that cannot work.
  Shim(Options options, Chaincode& chaincode);
  Shim(const Shim&) = delete;
  Shim& operator=(const Shim&) = delete;
  ~Shim();  // Stops.

  // Starts the threads and returns; connecting goes on behind. Once.
  void start();

  // Ends the stream, fails what still runs with StreamTerminated, and waits for the chaincode's
  // calls to return. A stopped Shim stays stopped.
  void stop();

  // True once the peer has said READY; false after `timeout`, and once stopped.
  [[nodiscard]] bool wait_ready(std::chrono::milliseconds timeout) const;

  // What the peer offered with its latest READY.
  [[nodiscard]] protos::ChaincodeAdditionalParams offered() const;

 private:
  // Set once. The workers go first: they use the loop's queue.
  std::unique_ptr<StreamLoop> loop_;
  std::unique_ptr<WorkerPool> workers_;
};

// The main() of a chaincode process: reads --peer.address, --chaincode-id-name and --help over the
// environment, serves until SIGINT or SIGTERM, and returns the exit code: 0 stopped or help shown,
// 2 wrong usage. Call it before the process has other threads, so that the signals come here.
int run(int argc, char** argv, Chaincode& chaincode);

}  // namespace ccbus::shim
