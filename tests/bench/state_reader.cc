#include "tests/bench/state_reader.h"

#include <utility>

namespace ccbus::bench {
namespace {

using Message = protos::ChaincodeMessage;

Exchange read_of(const Message& transaction, std::size_t number) {
  return {in_transaction(transaction, Message::GET_STATE, get_state(ServiceDriver::key_of(number)))
              .SerializeAsString(),
          in_transaction(transaction, Message::RESPONSE, ServiceDriver::value_of(number))
              .SerializeAsString()};
}

}  // namespace

StateReader::StateReader(std::size_t keys, const LaneShape& shape,
                         const ServiceDriver::Options& options)
    : shape_(shape), driver_(options) {
  driver_.store(keys);
  for (std::size_t lane = 0; lane < shape_.lanes(); ++lane) open_lane(lane, keys);
  sample_ = read_of(transactions_.front(), 0);
}

// Chaincodes are added one by one, so that each new one has no transaction yet and gets the next.
void StateReader::open_lane(std::size_t lane, std::size_t keys) {
  const std::size_t connection = shape_.connection_of(lane);
  if (lane >= shape_.of_first) driver_.add_chaincode();
  transactions_.push_back(driver_.begin(connection));
  std::vector<Exchange> exchanges;
  for (std::size_t number = lane; number < keys; number += shape_.lanes()) {
    exchanges.push_back(read_of(transactions_.back(), number));
  }
  lanes_.emplace_back(driver_.chaincode(connection).connection(), std::move(exchanges));
}

void StateReader::run(std::span<Lane> lanes, std::size_t in_flight, std::size_t count,
                      Measurement& measured) {
  run_round_trips(driver_.connections(), pid(), lanes, in_flight, count, measured);
  reads_ += count;
}

void StateReader::finish() {
  for (std::size_t lane = 0; lane < transactions_.size(); ++lane) {
    driver_.end(transactions_[lane], shape_.connection_of(lane));
  }
  driver_.finish(reads_);
}

}  // namespace ccbus::bench
