// How much faster a chaincode writes a hundred keys with one WRITE_BATCH_STATE than with a hundred
// PUT_STATEs.
#include "tests/bench/form_comparison.h"

namespace ccbus::bench {
namespace {

using Message = protos::ChaincodeMessage;

std::string done(const Message& transaction) {
  return in_transaction(transaction, Message::RESPONSE, "").SerializeAsString();
}

std::vector<Exchange> key_by_key(const Message& transaction, std::size_t first, std::size_t end) {
  std::vector<Exchange> exchanges;
  for (std::size_t number = first; number < end; ++number) {
    const auto request =
        in_transaction(transaction, Message::PUT_STATE,
                       put_state(ServiceDriver::key_of(number), ServiceDriver::value_of(number)));
    exchanges.push_back({request.SerializeAsString(), done(transaction)});
  }
  return exchanges;
}

std::vector<Exchange> at_once(const Message& transaction, std::size_t first, std::size_t end) {
  const auto request = in_transaction(transaction, Message::WRITE_BATCH_STATE,
                                      ServiceDriver::write_batch(first, end));
  return {{request.SerializeAsString(), done(transaction)}};
}

std::vector<FigureTable> measure(Amount amount) {
  return {compare_forms("100 writes in a transaction: PUT_STATE one by one | WRITE_BATCH_STATE",
                        amount, key_by_key, at_once)};
}

}  // namespace
}  // namespace ccbus::bench

int main(int argc, char** argv) {
  return ccbus::bench::run_bench(argc, argv,
                                 {"Compares batched writes with writes that are sent one by one."},
                                 ccbus::bench::measure);
}
