// What the scan in place accepts is what protobuf decodes, and a view encodes to a message that
// reads as the same view.

#include <cstdint>
#include <span>
#include <string>

#include "service/base/assert.h"
#include "service/base/log.h"
#include "service/chaincode/message/message_view.h"

using ccbus::chaincode::MessageReader;
using ccbus::chaincode::MessageView;
using protos::ChaincodeMessage;

namespace {

template <class Inner>
std::string encoded(const Inner* inner) {
  return inner == nullptr ? "absent" : "present " + inner->SerializeAsString();
}

bool same(const MessageView& a, const MessageView& b) {
  return a.type == b.type && a.payload == b.payload && a.txid == b.txid &&
         a.channel_id == b.channel_id && encoded(a.proposal) == encoded(b.proposal) &&
         encoded(a.chaincode_event) == encoded(b.chaincode_event);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto silent = ccbus::make_silent_logger();  // Also silences protobuf.
  const auto frame = std::as_bytes(std::span(data, size));
  MessageReader reader;
  const auto view = reader.read(frame);

  ChaincodeMessage decoded;
  const bool is_message = decoded.ParseFromArray(data, static_cast<int>(size));
  CCBUS_ASSERT(view.has_value() == is_message);
  if (!view) return 0;
  CCBUS_ASSERT(same(**view, ccbus::chaincode::view_of(decoded)));

  const std::string again = encode(**view);
  CCBUS_ASSERT(again.size() == encoded_bytes(**view));
  MessageReader second_reader;
  const auto second = second_reader.read(std::as_bytes(std::span(again)));
  CCBUS_ASSERT(second.has_value() && same(**view, **second));
  return 0;
}
