#include "bindings/cpp/src/shim/message_view.h"

#include <cstdint>

namespace ccbus::shim {
namespace {

using protos::ChaincodeMessage;

// A message of 100 MiB has a length of four bytes.
constexpr int kVarintBytesMax = 4;

constexpr unsigned kTagOfType = ChaincodeMessage::kTypeFieldNumber << 3;
constexpr unsigned tag_of_bytes(int field) {
  return static_cast<unsigned>(field) << 3 | 2;
}

// Takes a number from the front of `bytes`.
std::optional<std::uint32_t> take_varint(std::string_view& bytes) {
  std::uint32_t number = 0;
  for (int i = 0; i < kVarintBytesMax && !bytes.empty(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    number |= static_cast<std::uint32_t>(byte & 0x7f) << (7 * i);
    if (byte < 0x80) return number;
  }
  return std::nullopt;
}

std::string_view* text_of(MessageView& view, unsigned tag) {
  switch (tag) {
    case tag_of_bytes(ChaincodeMessage::kPayloadFieldNumber): return &view.payload;
    case tag_of_bytes(ChaincodeMessage::kTxidFieldNumber): return &view.txid;
    case tag_of_bytes(ChaincodeMessage::kChannelIdFieldNumber): return &view.channel_id;
    default: return nullptr;
  }
}

}  // namespace

std::optional<MessageView> view_message(std::string_view frame) {
  MessageView view;
  while (!frame.empty()) {
    const auto tag = static_cast<unsigned char>(frame.front());
    frame.remove_prefix(1);
    const auto number = take_varint(frame);
    if (!number) return std::nullopt;
    if (tag == kTagOfType) {
      view.type = static_cast<ChaincodeMessage::Type>(*number);
      continue;
    }
    std::string_view* const text = text_of(view, tag);
    if (text == nullptr || *number > frame.size()) return std::nullopt;
    *text = frame.substr(0, *number);
    frame.remove_prefix(*number);
  }
  return view;
}

}  // namespace ccbus::shim
