#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tests/bench/round_trips.h"
#include "tests/bench/service_driver.h"

namespace ccbus::bench {

// A chaincode that reads state in transactions that stay open.
class StateReader {
 public:
  static constexpr std::size_t kValueBytes = ServiceDriver::kValueBytes;

  // Stores `keys` values and opens `lanes` transactions, in which lane i reads every key whose
  // number leaves i when it is divided by `lanes`.
  StateReader(std::size_t keys, std::size_t lanes);

  [[nodiscard]] pid_t service() const { return driver_.service(); }
  [[nodiscard]] zmq::socket_t& dealer() { return driver_.chaincode().socket(); }
  [[nodiscard]] std::vector<Lane>& lanes() { return lanes_; }
  // One exchange as it goes over the wire, for the other side to have the same sizes.
  [[nodiscard]] const Exchange& sample() const { return sample_; }

  // Completes the transactions. Throws std::runtime_error unless every client is answered, and the
  // service has served `reads` reads and no request has failed.
  void finish(std::uint64_t reads);

 private:
  void open_lane(std::size_t lane, std::size_t lanes, std::size_t keys);

  ServiceDriver driver_;
  std::vector<protos::ChaincodeMessage> transactions_;
  std::vector<Lane> lanes_;
  Exchange sample_;
};

}  // namespace ccbus::bench
