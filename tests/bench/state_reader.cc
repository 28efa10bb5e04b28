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

StateReader::StateReader(std::size_t keys, std::size_t lanes) {
  driver_.store(keys);
  for (std::size_t lane = 0; lane < lanes; ++lane) open_lane(lane, lanes, keys);
  sample_ = read_of(transactions_.front(), 0);
}

void StateReader::open_lane(std::size_t lane, std::size_t lanes, std::size_t keys) {
  transactions_.push_back(driver_.begin());
  std::vector<Exchange> exchanges;
  for (std::size_t number = lane; number < keys; number += lanes) {
    exchanges.push_back(read_of(transactions_.back(), number));
  }
  lanes_.emplace_back(std::move(exchanges));
}

void StateReader::finish(std::uint64_t reads) {
  for (const Message& transaction : transactions_) driver_.end(transaction);
  driver_.finish(reads);
}

}  // namespace ccbus::bench
