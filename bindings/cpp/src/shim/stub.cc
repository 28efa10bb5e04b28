#include "ccbus/shim/stub.h"

#include <utility>

#include "bindings/cpp/src/shim/proposal.h"
#include "bindings/cpp/src/transport/utf8.h"
#include "fabric/msp/identities.pb.h"
#include "fabric/peer/chaincode.pb.h"

namespace ccbus::shim {
namespace {

using protos::ChaincodeMessage;

// The smallest simple key: a scan that is open below begins here and passes over composite keys.
constexpr std::string_view kFirstSimpleKey = "\x01";

// The peer could not decode the whole message, and would end the stream for it.
void require_utf8(std::string_view text, const char* what) {
  if (!transport::is_utf8(text)) throw Error(std::string(what) + " is not UTF-8");
}

// The text of an exception ends at its first U+0000.
std::string visible(std::string_view key) {
  std::string text;
  for (const char c : key) text += c == '\0' ? std::string("\\0") : std::string(1, c);
  return text;
}

protos::GetStateByRange simple_range(std::string_view start, std::string_view end) {
  for (const std::string_view key : {start, end}) {
    require_utf8(key, "the key");
    if (!key.empty() && key.front() == '\0')
      throw Error("first character of the key [" + visible(key) +
                  "] contains a null character which is not allowed");
  }
  protos::GetStateByRange range;
  range.set_startkey(std::string(start.empty() ? kFirstSimpleKey : start));
  range.set_endkey(std::string(end));
  return range;
}

}  // namespace

Stub::Stub(Peer& peer, ChaincodeMessage message) : peer_(peer), message_(std::move(message)) {
  protos::ChaincodeInput input;
  if (!input.ParseFromString(message_.payload()))
    throw Error("cannot decode the arguments of the transaction");
  args_.reserve(static_cast<std::size_t>(input.args_size()));
  for (std::string& arg : *input.mutable_args()) args_.push_back(std::move(arg));
  if (message_.has_proposal())
    proposal_ = std::make_unique<Proposal>(decode_proposal(message_.proposal()));
}

Stub::~Stub() = default;

const std::vector<std::string>& Stub::string_args() const {
  for (const std::string& arg : args_) require_utf8(arg, "an argument of the transaction");
  return args_;
}

FunctionCall Stub::function_and_parameters() const {
  if (args_.empty()) return {};
  return {args_.front(), std::span(args_).subspan(1)};
}

std::string Stub::get_state(std::string_view key) {
  require_utf8(key, "the key");
  protos::GetState request;
  request.set_key(key.data(), key.size());
  return peer_.ask(ChaincodeMessage::GET_STATE, request);
}

void Stub::put_state(std::string_view key, std::string_view value) {
  if (key.empty()) throw Error("key must not be an empty string");
  require_utf8(key, "the key");
  protos::PutState request;
  request.set_key(key.data(), key.size());
  request.set_value(value.data(), value.size());
  static_cast<void>(peer_.ask(ChaincodeMessage::PUT_STATE, request));
}

void Stub::del_state(std::string_view key) {
  require_utf8(key, "the key");
  protos::DelState request;
  request.set_key(key.data(), key.size());
  static_cast<void>(peer_.ask(ChaincodeMessage::DEL_STATE, request));
}

protos::QueryResponse Stub::query(const protos::GetStateByRange& range) {
  protos::QueryResponse response;
  if (!response.ParseFromString(peer_.ask(ChaincodeMessage::GET_STATE_BY_RANGE, range)))
    throw Error("the peer's answer to a range query cannot be decoded");
  return response;
}

StateIterator Stub::get_state_by_range(std::string_view start, std::string_view end) {
  return {peer_, query(simple_range(start, end))};
}

StatePage Stub::get_state_by_range_with_pagination(std::string_view start, std::string_view end,
                                                   std::int32_t page_size,
                                                   std::string_view bookmark) {
  require_utf8(bookmark, "the bookmark");
  protos::QueryMetadata page;
  page.set_pagesize(page_size);
  page.set_bookmark(bookmark.data(), bookmark.size());
  protos::GetStateByRange range = simple_range(start, end);
  page.SerializeToString(range.mutable_metadata());

  protos::QueryResponse response = query(range);
  protos::QueryResponseMetadata metadata;
  if (!metadata.ParseFromString(response.metadata()))
    throw Error("the peer's answer to a paginated query cannot be decoded");
  return {StateIterator(peer_, std::move(response)), metadata.fetched_records_count(),
          metadata.bookmark()};
}

StateIterator Stub::get_state_by_partial_composite_key(std::string_view object_type,
                                                       std::span<const std::string> attributes) {
  protos::GetStateByRange range;
  range.set_startkey(create_composite_key(object_type, attributes));
  range.set_endkey(range.startkey() + std::string(transport::kLargestCodePoint));
  return {peer_, query(range)};
}

const std::map<std::string, std::string>& Stub::get_transient() const {
  static const std::map<std::string, std::string> kNone;
  return proposal_ ? proposal_->transient : kNone;
}

const std::string& Stub::get_creator() const {
  static const std::string kNobody;
  return proposal_ ? proposal_->creator : kNobody;
}

Identity Stub::get_creator_identity() const {
  msp::SerializedIdentity identity;
  if (!identity.ParseFromString(proposal().creator))
    throw Error("the creator of the transaction is not an encoded identity");
  return {std::move(*identity.mutable_mspid()), std::move(*identity.mutable_id_bytes())};
}

std::chrono::sys_time<std::chrono::nanoseconds> Stub::get_tx_timestamp() const {
  if (!proposal().timestamp) throw Error("the proposal of the transaction has no timestamp");
  return *proposal().timestamp;
}

const protos::SignedProposal* Stub::get_signed_proposal() const {
  return message_.has_proposal() ? &message_.proposal() : nullptr;
}

std::string Stub::get_binding() const {
  return proposal().binding();
}

void Stub::set_event(std::string_view name, std::string_view payload) {
  if (name.empty()) throw Error("the name of an event must not be an empty string");
  require_utf8(name, "the name of an event");
  event_.emplace();
  event_->set_event_name(name.data(), name.size());
  event_->set_payload(payload.data(), payload.size());
}

const Proposal& Stub::proposal() const {
  if (!proposal_) throw Error("the transaction came without a proposal");
  return *proposal_;
}

}  // namespace ccbus::shim
