#include "service/ledger/block/envelope_layers.h"

#include <array>
#include <cstddef>

#include "service/base/field_scanner.h"
#include "service/base/parse_message.h"

namespace ccbus::ledger {
namespace {

// The fields 1 to N of a message, which all hold bytes and occur at most once. Returns nullopt if
// the message has anything else.
template <std::size_t N>
using Fields = std::array<std::optional<std::string_view>, N>;

template <std::size_t N>
std::optional<Fields<N>> split(std::string_view bytes) {
  Fields<N> found;
  FieldScanner fields(bytes);
  while (fields.next()) {
    const auto number = static_cast<std::size_t>(fields.number());
    if (number > N || !fields.is_bytes(fields.number()) || found[number - 1]) return std::nullopt;
    found[number - 1] = fields.bytes();
  }
  if (!fields.is_sound()) return std::nullopt;
  return found;
}

std::string_view or_empty(const std::optional<std::string_view>& field) {
  return field.value_or(std::string_view());
}

// A ChaincodeEndorsedAction. Returns nullopt if it is not encoded as usual, or if its endorsements
// are more than are read.
std::optional<EnvelopeLayers::ActionPayload> split_action(std::string_view bytes) {
  EnvelopeLayers::ActionPayload found;
  bool has_response = false;
  FieldScanner fields(bytes);
  while (fields.next()) {
    if (fields.is_bytes(1) && !has_response) {
      has_response = true;
      found.proposal_response_payload = fields.bytes();
      continue;
    }
    if (!fields.is_bytes(2)) return std::nullopt;
    const auto endorsement = split<2>(fields.bytes());
    if (!endorsement || found.endorsements.size() == EnvelopeLayers::kEndorsementsReadMax) {
      return std::nullopt;
    }
    found.endorsements.push_back({or_empty((*endorsement)[0]), or_empty((*endorsement)[1])});
  }
  if (!fields.is_sound()) return std::nullopt;
  return found;
}

}  // namespace

std::optional<EnvelopeLayers::Outer> EnvelopeLayers::envelope(std::string_view bytes) {
  if (const auto fields = split<2>(bytes)) {
    return Outer{or_empty((*fields)[0]), or_empty((*fields)[1])};
  }
  if (!parse(envelope_, bytes)) return std::nullopt;
  return Outer{envelope_.payload(), envelope_.signature()};
}

std::optional<EnvelopeLayers::Payload> EnvelopeLayers::payload(std::string_view bytes) {
  if (const auto fields = split<2>(bytes)) {
    const auto& [header, data] = *fields;
    if (const auto headers = split<2>(or_empty(header))) {
      return Payload{header.has_value(), or_empty((*headers)[0]), or_empty((*headers)[1]),
                     or_empty(data)};
    }
  }
  if (!parse(payload_, bytes)) return std::nullopt;
  return Payload{payload_.has_header(), payload_.header().channel_header(),
                 payload_.header().signature_header(), payload_.data()};
}

std::optional<EnvelopeLayers::SignatureHeader> EnvelopeLayers::signature_header(
    std::string_view bytes) {
  if (const auto fields = split<2>(bytes)) {
    return SignatureHeader{or_empty((*fields)[0]), or_empty((*fields)[1])};
  }
  if (!parse(signature_header_, bytes)) return std::nullopt;
  return SignatureHeader{signature_header_.creator(), signature_header_.nonce()};
}

std::optional<EnvelopeLayers::Transaction> EnvelopeLayers::transaction(std::string_view bytes) {
  if (const auto fields = split<1>(bytes)) {
    const auto& action = (*fields)[0];
    if (const auto parts = split<2>(or_empty(action))) {
      return Transaction{action ? 1 : 0, or_empty((*parts)[1])};
    }
  }
  if (!parse(transaction_, bytes)) return std::nullopt;
  if (transaction_.actions().empty()) return Transaction{};
  return Transaction{transaction_.actions_size(), transaction_.actions(0).payload()};
}

std::optional<EnvelopeLayers::ActionPayload> EnvelopeLayers::action_payload(
    std::string_view bytes) {
  if (const auto fields = split<2>(bytes)) {
    const auto& [proposal, action] = *fields;
    if (auto found = split_action(or_empty(action))) {
      found->chaincode_proposal_payload = or_empty(proposal);
      return found;
    }
  }
  if (!parse(action_payload_, bytes)) return std::nullopt;
  ActionPayload found{action_payload_.chaincode_proposal_payload(),
                      action_payload_.action().proposal_response_payload(),
                      {}};
  for (const protos::Endorsement& one : action_payload_.action().endorsements()) {
    if (found.endorsements.size() == kEndorsementsReadMax) break;
    found.endorsements.push_back({one.endorser(), one.signature()});
  }
  return found;
}

std::optional<EnvelopeLayers::ResponsePayload> EnvelopeLayers::response_payload(
    std::string_view bytes) {
  if (const auto fields = split<2>(bytes)) {
    return ResponsePayload{or_empty((*fields)[0]), or_empty((*fields)[1])};
  }
  if (!parse(response_payload_, bytes)) return std::nullopt;
  return ResponsePayload{response_payload_.proposal_hash(), response_payload_.extension()};
}

}  // namespace ccbus::ledger
