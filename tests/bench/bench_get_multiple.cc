// How much faster a chaincode reads a hundred keys with one GET_STATE_MULTIPLE than with a hundred
// GET_STATEs.
#include "tests/bench/form_comparison.h"

namespace ccbus::bench {
namespace {

using Message = protos::ChaincodeMessage;

std::vector<Exchange> key_by_key(const Message& transaction, std::size_t first, std::size_t end) {
  std::vector<Exchange> exchanges;
  for (std::size_t number = first; number < end; ++number) {
    const auto request =
        in_transaction(transaction, Message::GET_STATE, get_state(ServiceDriver::key_of(number)));
    const auto reply =
        in_transaction(transaction, Message::RESPONSE, ServiceDriver::value_of(number));
    exchanges.push_back({request.SerializeAsString(), reply.SerializeAsString()});
  }
  return exchanges;
}

std::vector<Exchange> at_once(const Message& transaction, std::size_t first, std::size_t end) {
  protos::GetStateMultiple keys;
  protos::GetStateMultipleResult values;
  for (std::size_t number = first; number < end; ++number) {
    keys.add_keys(ServiceDriver::key_of(number));
    values.add_values(ServiceDriver::value_of(number));
  }
  const auto request =
      in_transaction(transaction, Message::GET_STATE_MULTIPLE, keys.SerializeAsString());
  const auto reply = in_transaction(transaction, Message::RESPONSE, values.SerializeAsString());
  return {{request.SerializeAsString(), reply.SerializeAsString()}};
}

std::vector<FigureTable> measure(Amount amount) {
  return {compare_forms("100 reads in a transaction: GET_STATE one by one | GET_STATE_MULTIPLE",
                        amount, key_by_key, at_once)};
}

}  // namespace
}  // namespace ccbus::bench

int main(int argc, char** argv) {
  return ccbus::bench::run_bench(
      argc, argv, {"Compares reads of many keys with reads that are sent one by one."},
      ccbus::bench::measure);
}
