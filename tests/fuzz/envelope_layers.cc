// What is read in place from each layer of an envelope is what protobuf decodes from it.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "service/base/assert.h"
#include "service/base/log.h"
#include "service/ledger/block/envelope_layers.h"

using ccbus::ledger::EnvelopeLayers;

namespace {

template <class Message, class Layer, class Same>
void compare(std::string_view bytes, const Layer& layer, Same same) {
  Message decoded;
  const bool is_message = decoded.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
  CCBUS_ASSERT(layer.has_value() == is_message);
  if (is_message) CCBUS_ASSERT(same(decoded, *layer));
}

bool same_endorsements(const google::protobuf::RepeatedPtrField<protos::Endorsement>& decoded,
                       const std::vector<EnvelopeLayers::Endorsement>& read) {
  const auto count = std::min<std::size_t>(static_cast<std::size_t>(decoded.size()),
                                           EnvelopeLayers::kEndorsementsReadMax);
  if (read.size() != count) return false;
  for (std::size_t i = 0; i < count; ++i) {
    const protos::Endorsement& one = decoded[static_cast<int>(i)];
    if (read[i].endorser != one.endorser() || read[i].signature != one.signature()) return false;
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto silent = ccbus::make_silent_logger();  // Also silences protobuf.
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  EnvelopeLayers layers;
  compare<common::Envelope>(
      bytes, layers.envelope(bytes), [](const auto& message, const EnvelopeLayers::Outer& layer) {
        return message.payload() == layer.payload && message.signature() == layer.signature;
      });
  compare<common::Payload>(bytes, layers.payload(bytes),
                           [](const auto& message, const EnvelopeLayers::Payload& layer) {
                             return message.has_header() == layer.has_header &&
                                    message.header().channel_header() == layer.channel_header &&
                                    message.header().signature_header() == layer.signature_header &&
                                    message.data() == layer.data;
                           });
  compare<common::SignatureHeader>(
      bytes, layers.signature_header(bytes),
      [](const auto& message, const EnvelopeLayers::SignatureHeader& layer) {
        return message.creator() == layer.creator && message.nonce() == layer.nonce;
      });
  compare<protos::Transaction>(
      bytes, layers.transaction(bytes),
      [](const auto& message, const EnvelopeLayers::Transaction& layer) {
        return message.actions_size() == layer.actions &&
               (layer.actions == 0 || message.actions(0).payload() == layer.action_payload);
      });
  compare<protos::ChaincodeActionPayload>(
      bytes, layers.action_payload(bytes),
      [](const auto& message, const EnvelopeLayers::ActionPayload& layer) {
        return message.chaincode_proposal_payload() == layer.chaincode_proposal_payload &&
               message.action().proposal_response_payload() == layer.proposal_response_payload &&
               same_endorsements(message.action().endorsements(), layer.endorsements);
      });
  compare<protos::ProposalResponsePayload>(
      bytes, layers.response_payload(bytes),
      [](const auto& message, const EnvelopeLayers::ResponsePayload& layer) {
        return message.proposal_hash() == layer.proposal_hash &&
               message.extension() == layer.extension;
      });
  return 0;
}
