// The chaincode that bench_invoke invokes: without a shim, with one thread and one DEALER, so that
// mainly the service is measured.
//
//   put KEY VALUE   reads KEY, writes VALUE to it and answers with what it read
//   get KEY         answers with what it read
#include <chrono>
#include <cstdio>
#include <exception>
#include <string>
#include <unordered_map>
#include <utility>

#include "fabric/peer/chaincode.pb.h"
#include "tests/bench/chaincode_peer.h"

namespace ccbus::bench {
namespace {

using Message = protos::ChaincodeMessage;

class Chaincode {
 public:
  explicit Chaincode(ChaincodePeer& peer) : peer_(peer) {}

  // Runs until the service ends the stream.
  void serve() {
    for (Message message; peer_.receive(message);) {
      if (message.type() == Message::TRANSACTION) begin(message);
      if (message.type() == Message::RESPONSE) go_on(message);
    }
  }

 private:
  struct Running {
    protos::ChaincodeInput input;
    std::string read;
    bool has_read = false;
  };

  void begin(const Message& message) {
    Running& running = running_[message.txid()];
    if (!running.input.ParseFromString(message.payload()) || running.input.args_size() < 2) {
      throw std::runtime_error("a transaction without a function and a key");
    }
    peer_.send(in_transaction(message, Message::GET_STATE, get_state(running.input.args(1))));
  }

  void go_on(const Message& response) {
    const auto at = running_.find(response.txid());
    Running& running = at->second;
    const bool writes = running.input.args(0) == "put";
    if (!running.has_read) running.read = response.payload();
    if (writes && !std::exchange(running.has_read, true)) {
      peer_.send(in_transaction(response, Message::PUT_STATE,
                                put_state(running.input.args(1), running.input.args(2))));
      return;
    }
    peer_.send(completed(response, running.read));
    running_.erase(at);
  }

  ChaincodePeer& peer_;
  std::unordered_map<std::string, Running> running_;  // By transaction id.
};

}  // namespace
}  // namespace ccbus::bench

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: bench_chaincode ENDPOINT NAME\n");
    return 2;
  }
  try {
    zmq::context_t context;
    constexpr std::chrono::milliseconds kForEver{-1};
    ccbus::bench::DealerConnections connections(context, argv[1], kForEver);
    ccbus::bench::ChaincodePeer peer(connections, argv[2]);
    std::printf("ready\n");
    std::fflush(stdout);
    ccbus::bench::Chaincode(peer).serve();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_chaincode: %s\n", error.what());
    return 1;
  }
}
