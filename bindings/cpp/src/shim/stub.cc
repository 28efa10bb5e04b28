#include "ccbus/shim/stub.h"

#include <utility>

#include "bindings/cpp/src/shim/proposal.h"
#include "bindings/cpp/src/shim/stub_keys.h"
#include "bindings/cpp/src/transport/utf8.h"
#include "fabric/msp/identities.pb.h"
#include "fabric/peer/chaincode.pb.h"

namespace ccbus::shim {
namespace {

using protos::ChaincodeMessage;

// What a transaction without a proposal has.
const std::map<std::string, std::string> kNoTransient;
const std::string kNoCreator;

// The range of the composite keys that begin with these parts.
protos::GetStateByRange partial_range(std::string_view object_type,
                                      std::span<const std::string> attributes) {
  protos::GetStateByRange range;
  range.set_startkey(create_composite_key(object_type, attributes));
  range.set_endkey(range.startkey() + std::string(transport::kLargestCodePoint));
  return range;
}

std::string encoded_page(std::int32_t page_size, std::string_view bookmark) {
  require_utf8(bookmark, "the bookmark");
  protos::QueryMetadata page;
  page.set_pagesize(page_size);
  page.set_bookmark(bookmark.data(), bookmark.size());
  return page.SerializeAsString();
}

protos::GetQueryResult rich_query(std::string_view query) {
  require_utf8(query, "the query");
  protos::GetQueryResult request;
  request.set_query(query.data(), query.size());
  return request;
}

protos::WriteRecord write_record(protos::WriteRecord::Type type, std::string_view key) {
  protos::WriteRecord record;
  record.set_type(type);
  record.set_key(key.data(), key.size());
  return record;
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
  return get({}, key, ChaincodeMessage::GET_STATE);
}

void Stub::put_state(std::string_view key, std::string_view value) {
  require_new_key(key);
  auto record = write_record(protos::WriteRecord::PUT_STATE, key);
  record.set_value(value.data(), value.size());
  write(std::move(record));
}

void Stub::del_state(std::string_view key) {
  require_key(key);
  write(write_record(protos::WriteRecord::DEL_STATE, key));
}

std::vector<std::string> Stub::get_multiple_states(std::span<const std::string> keys) {
  return get_multiple({}, keys);
}

StateIterator Stub::get_state_by_range(std::string_view start, std::string_view end) {
  return StateIterator(
      {peer_, query(ChaincodeMessage::GET_STATE_BY_RANGE, simple_range(start, end))});
}

StatePage Stub::get_state_by_range_with_pagination(std::string_view start, std::string_view end,
                                                   std::int32_t page_size,
                                                   std::string_view bookmark) {
  protos::GetStateByRange range = simple_range(start, end);
  range.set_metadata(encoded_page(page_size, bookmark));
  return page(query(ChaincodeMessage::GET_STATE_BY_RANGE, range));
}

StateIterator Stub::get_state_by_partial_composite_key(std::string_view object_type,
                                                       std::span<const std::string> attributes) {
  return StateIterator(
      {peer_, query(ChaincodeMessage::GET_STATE_BY_RANGE, partial_range(object_type, attributes))});
}

StatePage Stub::get_state_by_partial_composite_key_with_pagination(
    std::string_view object_type, std::span<const std::string> attributes, std::int32_t page_size,
    std::string_view bookmark) {
  protos::GetStateByRange range = partial_range(object_type, attributes);
  range.set_metadata(encoded_page(page_size, bookmark));
  return page(query(ChaincodeMessage::GET_STATE_BY_RANGE, range));
}

StateIterator Stub::get_query_result(std::string_view text) {
  return StateIterator({peer_, query(ChaincodeMessage::GET_QUERY_RESULT, rich_query(text))});
}

StatePage Stub::get_query_result_with_pagination(std::string_view text, std::int32_t page_size,
                                                 std::string_view bookmark) {
  protos::GetQueryResult request = rich_query(text);
  request.set_metadata(encoded_page(page_size, bookmark));
  return page(query(ChaincodeMessage::GET_QUERY_RESULT, request));
}

HistoryIterator Stub::get_history_for_key(std::string_view key) {
  require_key(key);
  protos::GetHistoryForKey request;
  request.set_key(key.data(), key.size());
  return HistoryIterator({peer_, query(ChaincodeMessage::GET_HISTORY_FOR_KEY, request)});
}

std::string Stub::get_state_validation_parameter(std::string_view key) {
  return validation_parameter({}, key);
}

void Stub::set_state_validation_parameter(std::string_view key, std::string_view policy) {
  set_validation_parameter({}, key, policy);
}

std::string Stub::get_private_data(std::string_view collection, std::string_view key) {
  require_collection(collection);
  return get(collection, key, ChaincodeMessage::GET_STATE);
}

std::vector<std::string> Stub::get_multiple_private_data(std::string_view collection,
                                                         std::span<const std::string> keys) {
  require_collection(collection);
  return get_multiple(collection, keys);
}

std::string Stub::get_private_data_hash(std::string_view collection, std::string_view key) {
  require_collection(collection);
  return get(collection, key, ChaincodeMessage::GET_PRIVATE_DATA_HASH);
}

void Stub::put_private_data(std::string_view collection, std::string_view key,
                            std::string_view value) {
  require_collection(collection);
  require_new_key(key);
  auto record = write_record(protos::WriteRecord::PUT_STATE, key);
  record.set_collection(std::string(collection));
  record.set_value(value.data(), value.size());
  write(std::move(record));
}

void Stub::del_private_data(std::string_view collection, std::string_view key) {
  require_collection(collection);
  require_key(key);
  auto record = write_record(protos::WriteRecord::DEL_STATE, key);
  record.set_collection(std::string(collection));
  write(std::move(record));
}

void Stub::purge_private_data(std::string_view collection, std::string_view key) {
  require_collection(collection);
  require_key(key);
  auto record = write_record(protos::WriteRecord::PURGE_PRIVATE_DATA, key);
  record.set_collection(std::string(collection));
  write(std::move(record));
}

StateIterator Stub::get_private_data_by_range(std::string_view collection, std::string_view start,
                                              std::string_view end) {
  require_collection(collection);
  protos::GetStateByRange range = simple_range(start, end);
  range.set_collection(std::string(collection));
  return StateIterator({peer_, query(ChaincodeMessage::GET_STATE_BY_RANGE, range)});
}

StateIterator Stub::get_private_data_by_partial_composite_key(
    std::string_view collection, std::string_view object_type,
    std::span<const std::string> attributes) {
  require_collection(collection);
  protos::GetStateByRange range = partial_range(object_type, attributes);
  range.set_collection(std::string(collection));
  return StateIterator({peer_, query(ChaincodeMessage::GET_STATE_BY_RANGE, range)});
}

StateIterator Stub::get_private_data_query_result(std::string_view collection,
                                                  std::string_view text) {
  require_collection(collection);
  protos::GetQueryResult request = rich_query(text);
  request.set_collection(std::string(collection));
  return StateIterator({peer_, query(ChaincodeMessage::GET_QUERY_RESULT, request)});
}

std::string Stub::get_private_data_validation_parameter(std::string_view collection,
                                                        std::string_view key) {
  require_collection(collection);
  return validation_parameter(collection, key);
}

void Stub::set_private_data_validation_parameter(std::string_view collection, std::string_view key,
                                                 std::string_view policy) {
  require_collection(collection);
  set_validation_parameter(collection, key, policy);
}

const std::map<std::string, std::string>& Stub::get_transient() const {
  return proposal_ ? proposal_->transient : kNoTransient;
}

const std::string& Stub::get_creator() const {
  return proposal_ ? proposal_->creator : kNoCreator;
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
