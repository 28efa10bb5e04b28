// The first byte chooses the type. The estimate never stops the process, is bounded by its limit as
// documented, and parse_checked() agrees with protobuf wherever the limit does not refuse. A
// decoded message takes at most twice its bytes and what was estimated.

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

#include "ccbus/client.pb.h"
#include "fabric/common/common.pb.h"
#include "fabric/ledger/kv_rwset.pb.h"
#include "fabric/ledger/rwset.pb.h"
#include "fabric/peer/chaincode.pb.h"
#include "fabric/peer/chaincode_shim.pb.h"
#include "service/base/assert.h"
#include "service/base/log.h"
#include "service/base/parse_message.h"
#include "tests/fuzz/input.h"

namespace {

using google::protobuf::Message;

const Message& type_of(std::size_t choice) {
  const std::array<const Message*, 8> types = {
      &ccbus::ClientRequest::default_instance(),    &protos::ChaincodeMessage::default_instance(),
      &protos::WriteBatchState::default_instance(), &protos::GetStateMultiple::default_instance(),
      &protos::ChaincodeSpec::default_instance(),   &rwset::TxReadWriteSet::default_instance(),
      &kvrwset::KVRWSet::default_instance(),        &common::Block::default_instance()};
  return *types[choice % types.size()];
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto silent = ccbus::make_silent_logger();  // Also silences protobuf.
  ccbus::fuzz::Input input(data, size);
  const Message& type = type_of(input.byte());
  const std::string_view bytes = input.rest();

  constexpr std::size_t kMax = 1u << 30;
  const std::size_t estimate = ccbus::decoded_overhead(*type.GetDescriptor(), bytes, kMax);
  for (const std::size_t max : {std::size_t{0}, std::size_t{64}, estimate}) {
    const std::size_t bounded = ccbus::decoded_overhead(*type.GetDescriptor(), bytes, max);
    CCBUS_ASSERT(bounded <= estimate);
    CCBUS_ASSERT((bounded > max) == (estimate > max));
  }
  for (int number = 1; number < 20; ++number) {
    CCBUS_ASSERT(ccbus::count_fields(bytes, number) <= bytes.size());
  }

  const std::unique_ptr<Message> decoded(type.New());
  const bool is_message = decoded->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
  const std::unique_ptr<Message> checked(type.New());
  const auto parsed = ccbus::parse_checked(*checked, bytes, kMax);
  CCBUS_ASSERT(parsed.has_value() == is_message);
  if (parsed) CCBUS_ASSERT(checked->SpaceUsedLong() <= 1024 + 2 * (estimate + bytes.size()));
  return 0;
}
