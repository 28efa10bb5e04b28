#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "tests/bench/round_trips.h"
#include "tests/bench/service_driver.h"

namespace ccbus::bench {

// A chaincode that reads state in transactions that stay open.
class StateReader {
 public:
  static constexpr std::size_t kValueBytes = ServiceDriver::kValueBytes;

  // Stores `keys` keys and opens a transaction for each lane. Lane i reads every key whose number
  // is i modulo the number of lanes.
  StateReader(std::size_t keys, const LaneShape& shape, const ServiceDriver::Options& options);

  [[nodiscard]] pid_t pid() const { return driver_.service().pid(); }

  // `in_flight` of `lanes`, which are its own or a part of them.
  void run(std::span<Lane> lanes, std::size_t in_flight, std::size_t count, Measurement& measured);
  [[nodiscard]] std::vector<Lane>& lanes() { return lanes_; }
  // One encoded exchange, from which the other side takes the sizes.
  [[nodiscard]] const Exchange& sample() const { return sample_; }

  // Completes the transactions. Throws std::runtime_error if a client is not answered, if the
  // service has not served all reads, or if a request has failed.
  void finish();

 private:
  void open_lane(std::size_t lane, std::size_t keys);

  const LaneShape shape_;
  ServiceDriver driver_;
  std::vector<protos::ChaincodeMessage> transactions_;
  std::vector<Lane> lanes_;
  Exchange sample_;
  std::uint64_t reads_ = 0;
};

}  // namespace ccbus::bench
