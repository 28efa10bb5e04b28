#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "ccbus/curve/keys.h"
#include "ccbus/shim/chaincode.h"
#include "ccbus/shim/stub.h"

namespace ccbus::shim {

struct Options {
  std::string peer_address;  // host:port or an endpoint such as tcp://host:port.
  std::string chaincode_id;  // The name to register: "basic" or "basic:1.0".
  curve::Keys keys;          // Where the peer asks for them: read_keys(), keys_from_environment().

  // 0: transactions run as fibers on the stream's own thread. N: each transaction occupies one of N
  // threads until it has ended, which suits chaincode that blocks outside of its stub or computes
  // for long; chaincode.h says what may block.
  std::size_t worker_threads = 0;
  std::size_t transactions_max = 10'000;  // Running and waiting; more are refused with ERROR.

  // Fibers only. What is beyond fibers_max waits, in order. Of a stack only those pages take memory
  // that have been used; a chaincode that needs more ends the process with a message.
  std::size_t fibers_max = 4'096;
  std::size_t fiber_stack_bytes = 1 << 20;

  // Fibers only. If a transaction runs for turn_max without a call of its stub, another thread goes
  // on with the other transactions, and a line is logged, once for each function. So many
  // transactions may keep a thread at a time; with one more all wait.
  std::chrono::milliseconds turn_max{100};
  std::size_t blocked_threads_max = 16;

  // The delay before the next attempt to register: from the minimum, doubling up to the maximum,
  // each shortened at random by up to a half; after a refusal at least refused_delay_min.
  std::chrono::milliseconds reconnect_delay_min{50};
  std::chrono::milliseconds reconnect_delay_max{2'000};
  std::chrono::milliseconds refused_delay_min{1'000};

  std::chrono::milliseconds connect_timeout{3'000};        // Until the transport's handshake.
  std::chrono::milliseconds registration_timeout{10'000};  // From the handshake until READY.

  // Called on threads of the Shim, with one line at a time. If empty, lines go to standard error.
  std::function<void(std::string_view line)> log;

  // Called once, on a thread of the Shim, if it stops by itself: the address is that of the
  // endpoint for clients, as the log says. It must not call the Shim.
  std::function<void()> gave_up;

  // The address from CORE_PEER_ADDRESS, by default tcp://127.0.0.1:7052; the name from
  // CORE_CHAINCODE_ID_NAME, by default empty; the keys as curve::keys_from_environment() reads
  // them. Errors: std::invalid_argument for keys that cannot be read.
  [[nodiscard]] static Options from_environment();
};

// A chaincode process's connection to its peer. It registers, runs transactions, and registers
// again from a new socket whenever the stream ends, until it is stopped or gives up.
//
// Thread: start, stop, wait_ready and offered from any thread but those that run the chaincode.
class Shim {
 public:
  // `chaincode` must outlive the Shim. Errors: std::invalid_argument for invalid options.
  Shim(Options options, Chaincode& chaincode);
  Shim(const Shim&) = delete;
  Shim& operator=(const Shim&) = delete;
  ~Shim();  // Calls stop().

  // Starts the threads and returns; they connect in the background. Call it only once.
  void start();

  // Ends the stream, fails running transactions with StreamTerminated, and waits for the
  // chaincode's calls to return. A stopped Shim cannot be started again.
  void stop();

  // Waits until the peer has sent READY. Returns false after `timeout`, and if it is stopped.
  [[nodiscard]] bool wait_ready(std::chrono::milliseconds timeout) const;

  // What the peer announced in its latest READY: the batches it takes, and its MSP id, which
  // Fabric's chaincodes find in CORE_PEER_LOCALMSPID.
  [[nodiscard]] protos::ChaincodeAdditionalParams offered() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

// The main() of a chaincode process. Reads --peer.address, --chaincode-id-name, --key,
// --server-key,
// --workers, --fiber-stack and --help, which override the environment; serves until SIGINT or
// SIGTERM; and returns the exit code: 0 if it was stopped or has shown its help, 1 if it gave up, 2
// for wrong usage. Call it before the process starts other threads, which would receive the signals
// otherwise.
int run(int argc, char** argv, Chaincode& chaincode);

}  // namespace ccbus::shim
