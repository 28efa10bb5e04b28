// Turns the calls of the stub into requests to the peer.
#include <algorithm>
#include <utility>

#include "bindings/cpp/src/shim/stub_keys.h"
#include "ccbus/shim/error.h"
#include "ccbus/shim/stub.h"
#include "fabric/peer/chaincode.pb.h"

namespace ccbus::shim {
namespace {

using protos::ChaincodeMessage;
using protos::WriteRecord;

constexpr const char* kValidationParameter = "VALIDATION_PARAMETER";

// Like Fabric's shims, treats a smaller offer as this one.
constexpr std::uint32_t kSmallestOffer = 100;

std::size_t chunk_of(std::uint32_t offered) {
  return std::max(offered, kSmallestOffer);
}

// An empty text that is set would take memory.
void set_collection(auto& message, std::string_view collection) {
  if (!collection.empty()) message.set_collection(collection.data(), collection.size());
}

// Sends a single record as the request that it corresponds to. Moves its strings out.
void send_alone(Peer& peer, WriteRecord& record) {
  const auto ask = [&](ChaincodeMessage::Type type, auto request) {
    *request.mutable_key() = std::move(*record.mutable_key());
    set_collection(request, record.collection());
    if constexpr (requires { request.mutable_value(); })
      *request.mutable_value() = std::move(*record.mutable_value());
    if constexpr (requires { request.mutable_metadata(); })
      *request.mutable_metadata() = std::move(*record.mutable_metadata());
    static_cast<void>(peer.ask(type, request));
  };
  switch (record.type()) {
    case WriteRecord::PUT_STATE: return ask(ChaincodeMessage::PUT_STATE, protos::PutState());
    case WriteRecord::DEL_STATE: return ask(ChaincodeMessage::DEL_STATE, protos::DelState());
    case WriteRecord::PUT_STATE_METADATA:
      return ask(ChaincodeMessage::PUT_STATE_METADATA, protos::PutStateMetadata());
    case WriteRecord::PURGE_PRIVATE_DATA:
      return ask(ChaincodeMessage::PURGE_PRIVATE_DATA, protos::PurgePrivateState());
    default: throw Error("not a kind of write");
  }
}

// Converts the callee's last message in the same way as Fabric's Go shim.
Response callee_response(ChaincodeMessage& message) {
  if (message.type() == ChaincodeMessage::ERROR) return error(message.payload());
  protos::Response response;
  if (message.type() != ChaincodeMessage::COMPLETED || !response.ParseFromString(message.payload()))
    throw Error("the peer's answer for a called chaincode cannot be decoded");
  return {response.status(), std::move(*response.mutable_message()),
          std::move(*response.mutable_payload())};
}

}  // namespace

std::string Stub::get(std::string_view collection, std::string_view key,
                      ChaincodeMessage::Type type) {
  require_key(key);
  protos::GetState request;
  request.set_key(key.data(), key.size());
  set_collection(request, collection);
  return peer_.ask(type, request);
}

std::vector<std::string> Stub::get_multiple(std::string_view collection,
                                            std::span<const std::string> keys) {
  for (const std::string& key : keys) require_key(key);
  std::vector<std::string> values;
  values.reserve(keys.size());
  const auto offered = peer_.offered();
  if (!offered.use_get_multiple_keys()) {
    for (const std::string& key : keys)
      values.push_back(get(collection, key, ChaincodeMessage::GET_STATE));
    return values;
  }
  while (!keys.empty()) {
    const auto chunk =
        keys.first(std::min(keys.size(), chunk_of(offered.max_size_get_multiple_keys())));
    protos::GetStateMultiple request;
    request.mutable_keys()->Assign(chunk.begin(), chunk.end());
    set_collection(request, collection);
    protos::GetStateMultipleResult result;
    if (!result.ParseFromString(peer_.ask(ChaincodeMessage::GET_STATE_MULTIPLE, request)) ||
        static_cast<std::size_t>(result.values_size()) != chunk.size())
      throw Error("the peer's answer for several keys cannot be decoded");
    for (std::string& value : *result.mutable_values()) values.push_back(std::move(value));
    keys = keys.subspan(chunk.size());
  }
  return values;
}

protos::QueryResponse Stub::query(ChaincodeMessage::Type type,
                                  const google::protobuf::MessageLite& request) {
  protos::QueryResponse response;
  if (!response.ParseFromString(peer_.ask(type, request)))
    throw Error("the peer's answer to a query cannot be decoded");
  return response;
}

StatePage Stub::page(protos::QueryResponse response) {
  protos::QueryResponseMetadata metadata;
  if (!metadata.ParseFromString(response.metadata()))
    throw Error("the peer's answer to a paginated query cannot be decoded");
  return {StateIterator({peer_, std::move(response)}), metadata.fetched_records_count(),
          metadata.bookmark()};
}

std::string Stub::validation_parameter(std::string_view collection, std::string_view key) {
  require_key(key);
  protos::GetStateMetadata request;
  request.set_key(key.data(), key.size());
  set_collection(request, collection);
  protos::StateMetadataResult result;
  if (!result.ParseFromString(peer_.ask(ChaincodeMessage::GET_STATE_METADATA, request)))
    throw Error("the peer's answer for a key's metadata cannot be decoded");
  for (protos::StateMetadata& entry : *result.mutable_entries()) {
    if (entry.metakey() == kValidationParameter) return std::move(*entry.mutable_value());
  }
  return {};
}

void Stub::set_validation_parameter(std::string_view collection, std::string_view key,
                                    std::string_view policy) {
  require_key(key);
  WriteRecord record;
  record.set_type(WriteRecord::PUT_STATE_METADATA);
  record.set_key(key.data(), key.size());
  set_collection(record, collection);
  record.mutable_metadata()->set_metakey(kValidationParameter);
  record.mutable_metadata()->set_value(policy.data(), policy.size());
  write(std::move(record));
}

void Stub::write(WriteRecord record) {
  if (batch_) {
    batch_->push_back(std::move(record));
  } else {
    send_alone(peer_, record);
  }
}

void Stub::start_write_batch() {
  if (!batch_ && peer_.offered().use_write_batch()) batch_.emplace();
}

void Stub::finish_write_batch() {
  if (!batch_) return;
  const std::vector<WriteRecord> records = *std::exchange(batch_, std::nullopt);
  const std::size_t chunk = chunk_of(peer_.offered().max_size_write_batch());
  for (std::size_t begin = 0; begin < records.size(); begin += chunk) {
    const std::size_t end = std::min(records.size(), begin + chunk);
    protos::WriteBatchState request;
    request.mutable_rec()->Assign(records.begin() + static_cast<std::ptrdiff_t>(begin),
                                  records.begin() + static_cast<std::ptrdiff_t>(end));
    static_cast<void>(peer_.ask(ChaincodeMessage::WRITE_BATCH_STATE, request));
  }
}

Response Stub::invoke_chaincode(std::string_view name, std::span<const std::string> args,
                                std::string_view channel) {
  require_utf8(name, "the chaincode's name");
  require_utf8(channel, "the channel");
  protos::ChaincodeSpec spec;
  std::string& callee = *spec.mutable_chaincode_id()->mutable_name();
  callee = name;
  if (!channel.empty()) callee.append("/").append(channel);
  for (const std::string& arg : args) spec.mutable_input()->add_args(arg);
  ChaincodeMessage answer;
  if (!answer.ParseFromString(peer_.ask(ChaincodeMessage::INVOKE_CHAINCODE, spec)))
    throw Error("the peer's answer for a called chaincode cannot be decoded");
  return callee_response(answer);
}

}  // namespace ccbus::shim
