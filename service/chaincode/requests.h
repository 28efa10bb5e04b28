#pragma once

#include <string>
#include <string_view>

#include "fabric/peer/chaincode_shim.pb.h"
#include "service/chaincode/query_iterators.h"
#include "service/chaincode/transaction_context.h"
#include "service/result.h"

namespace ccbus::chaincode {

// Decoded payloads, kept from request to request so that their strings keep their memory: serving
// a request in a steady state allocates little. One for each bus thread.
struct RequestBuffers {
  protos::GetState get_state;
  protos::PutState put_state;
  protos::DelState del_state;
  protos::GetStateByRange get_state_by_range;
  protos::QueryStateNext query_state_next;
  protos::QueryStateClose query_state_close;
};

// What one request may use.
struct Request {
  const protos::ChaincodeMessage& message;
  TransactionContext& context;  // Of the handler that asked, with a simulator.
  const QueryLimits& limits;
  RequestBuffers& buffers;
  std::string& reply;  // The RESPONSE's payload; empty when called.
};

// Answers one request of a running transaction. Bus thread; point reads and one batch of a range
// are read from the ledger's snapshot.
//
// Errors: the text that follows `<TYPE> failed: transaction ID: <txid>: ` in the ERROR; Fabric's.
//
// Source: Fabric's handler.go at HEAD, HandleGetState and its neighbours.
[[nodiscard]] Result<void> serve(const Request& request);

// Whether the type is one that a chaincode sends to be served, known to this version or not.
[[nodiscard]] bool is_request(protos::ChaincodeMessage::Type type);

// The type's name, or its number if it has none.
[[nodiscard]] std::string type_name(protos::ChaincodeMessage::Type type);

// Decodes the payload. Errors: kInvalid `unmarshal failed: ...`.
template <class Payload>
[[nodiscard]] Result<void> decode(const Request& request, Payload& payload) {
  if (payload.ParseFromString(request.message.payload())) return {};
  return fail(ErrorCode::kInvalid, "unmarshal failed: not a " + payload.GetTypeName() + " (" +
                                       std::to_string(request.message.payload().size()) +
                                       " bytes)");
}

}  // namespace ccbus::chaincode
