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

StateReader::StateReader(const Shape& shape, const ServiceDriver::Options& options)
    : dealers_(shape.dealers), driver_(options) {
  driver_.store(shape.keys);
  for (std::size_t lane = 0; lane < shape.lanes; ++lane) open_lane(lane, shape);
  sample_ = read_of(transactions_.front(), 0);
}

// Chaincodes come one by one, so that each is the only one without a transaction and gets the next.
void StateReader::open_lane(std::size_t lane, const Shape& shape) {
  const std::size_t chaincode = chaincode_of(lane);
  if (chaincode != 0 && lane < dealers_) driver_.add_chaincode();
  transactions_.push_back(driver_.begin(chaincode));
  std::vector<Exchange> exchanges;
  for (std::size_t number = lane; number < shape.keys; number += shape.lanes) {
    exchanges.push_back(read_of(transactions_.back(), number));
  }
  lanes_.emplace_back(driver_.chaincode(chaincode).connection(), std::move(exchanges));
}

void StateReader::run(std::span<Lane> lanes, std::size_t in_flight, std::size_t count,
                      Measurement& measured) {
  run_round_trips(driver_.connections(), pid(), lanes, in_flight, count, measured);
  reads_ += count;
}

void StateReader::finish() {
  for (std::size_t lane = 0; lane < transactions_.size(); ++lane) {
    driver_.end(transactions_[lane], chaincode_of(lane));
  }
  driver_.finish(reads_);
}

}  // namespace ccbus::bench
