#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "ccbus/client/client.h"
#include "tests/bench/chaincode_peer.h"
#include "tests/bench/round_trips.h"
#include "tests/support/service_process.h"

namespace ccbus::bench {

// The real ccbusd with its ledger in memory, and in this process both who talk to it: the client
// that opens transactions, and the chaincode that reads state in them.
class StateReader {
 public:
  static constexpr std::size_t kValueBytes = 100;

  // Stores `keys` values and opens `lanes` transactions, in which lane i reads every key whose
  // number leaves i when it is divided by `lanes`.
  StateReader(std::size_t keys, std::size_t lanes);

  [[nodiscard]] pid_t service() const { return service_.pid(); }
  [[nodiscard]] zmq::socket_t& dealer() { return chaincode_.socket(); }
  [[nodiscard]] std::vector<Lane>& lanes() { return lanes_; }
  // One exchange as it goes over the wire, for the other side to have the same sizes.
  [[nodiscard]] const Exchange& sample() const { return sample_; }

  // Completes the transactions. Throws std::runtime_error unless every client is answered, and the
  // service has served `reads` reads and no request has failed.
  void finish(std::uint64_t reads);

 private:
  void store(std::size_t keys);
  void open_lane(std::size_t lane, std::size_t lanes, std::size_t keys);

  test::ServiceProcess service_;
  zmq::context_t context_;
  client::Client client_;
  ChaincodePeer chaincode_;
  std::uint64_t stored_ = 0;
  std::vector<protos::ChaincodeMessage> transactions_;
  std::vector<Lane> lanes_;
  Exchange sample_;
};

}  // namespace ccbus::bench
