#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "fabric/peer/chaincode.pb.h"
#include "fabric/peer/chaincode_shim.pb.h"
#include "service/base/parse_message.h"
#include "service/base/result.h"
#include "service/chaincode/message/message_view.h"
#include "service/chaincode/transaction/query_iterators.h"
#include "service/chaincode/transaction/transaction_context.h"

namespace ccbus::chaincode {

// Decoded payloads, kept from request to request so that their strings keep their memory: serving
// a request in a steady state allocates little. One for each bus thread.
struct RequestBuffers {
  protos::GetState get_state;
  protos::GetStateMultiple get_state_multiple;
  protos::GetStateMultipleResult get_state_multiple_result;
  protos::PutState put_state;
  protos::DelState del_state;
  protos::GetStateByRange get_state_by_range;
  protos::QueryStateNext query_state_next;
  protos::QueryStateClose query_state_close;
  protos::WriteBatchState write_batch_state;
  ledger::VersionedValue found;  // Of a point read.
};

// What one request may use.
struct Request {
  const MessageView& message;
  TransactionContext& context;  // Of the handler that asked, with a simulator.
  const QueryLimits& limits;
  RequestBuffers& buffers;
  std::string& reply;  // The RESPONSE's payload; empty when called.
};

// The reply is complete.
struct Replied {};

// A worker makes the reply, which comes back as a next state.
struct MakeBatch {
  PendingBatch batch;
};

// Another chaincode has to run first; what it finally sends is the reply.
struct CallChaincode {
  std::string channel;  // Empty: the caller's.
  std::string name;
  std::string input;  // An encoded protos.ChaincodeInput.
  bool is_init = false;
};

using Answer = std::variant<Replied, MakeBatch, CallChaincode>;

// Answers one request of a running transaction, or says what has to happen first. Bus thread;
// point reads and one batch of a range are read from the ledger's snapshot.
//
// Errors: the text that follows `<TYPE> failed: transaction ID: <txid>: ` in the ERROR; Fabric's.
//
// Source: Fabric's handler.go at HEAD, HandleGetState and its neighbours.
[[nodiscard]] Result<Answer> serve(const Request& request);

// Whether the type is one that a chaincode sends to be served.
[[nodiscard]] bool is_request(protos::ChaincodeMessage::Type type);

// The type's name, or its number if it has none.
[[nodiscard]] std::string type_name(protos::ChaincodeMessage::Type type);

// Decodes a payload of `bytes`. Errors: kInvalid `unmarshal failed: ...`.
template <class Payload>
[[nodiscard]] Result<void> decode(std::string_view bytes, Payload& payload) {
  if (parse(payload, bytes)) return {};
  return fail(ErrorCode::kInvalid, "unmarshal failed: not a " + payload.GetTypeName() + " (" +
                                       std::to_string(bytes.size()) + " bytes)");
}

template <class Payload>
[[nodiscard]] Result<void> decode(const Request& request, Payload& payload) {
  return decode(request.message.payload, payload);
}

}  // namespace ccbus::chaincode
