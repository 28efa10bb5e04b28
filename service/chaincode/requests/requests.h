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

// Buffers for decoded payloads. They are kept between requests so that their strings keep their
// memory, which saves allocations. One for each bus thread.
struct RequestBuffers {
  protos::GetState get_state;
  protos::GetStateMultiple get_state_multiple;
  protos::PutState put_state;
  protos::DelState del_state;
  protos::GetStateByRange get_state_by_range;
  protos::QueryStateNext query_state_next;
  protos::QueryStateClose query_state_close;
  protos::WriteBatchState write_batch_state;
  ledger::VersionedValue found;  // The result of a GET_STATE.
};

// A request, and what serving it may use.
struct Request {
  const MessageView& message;
  TransactionContext& context;  // The transaction of the request; it has its simulator.
  const RequestLimits& limits;
  RequestBuffers& buffers;
  std::string& reply;  // The RESPONSE's payload; empty when called.
};

// The reply is complete.
struct Replied {};

// A worker has to make the reply, which comes back as a next state.
struct MakeAnswer {
  std::shared_ptr<SlowAnswer> answer;
};

// Another chaincode has to run first; its last message is the reply.
struct CallChaincode {
  std::string channel;  // Empty for the channel of the caller.
  std::string name;
  std::string input;  // An encoded protos.ChaincodeInput.
  bool is_init = false;
};

using Answer = std::variant<Replied, MakeAnswer, CallChaincode>;

// Answers one request of a running transaction, or returns what has to happen first.
//
// Thread: bus thread.
// Blocks: only on reads from the ledger's snapshot: point reads, and one batch or page of a range.
// Errors: Fabric's text, which follows `<TYPE> failed: transaction ID: <txid>: ` in the ERROR.
//
// Source: Fabric's handler.go at HEAD, HandleGetState and its neighbours.
[[nodiscard]] Result<Answer> serve(const Request& request);

// True if the type is a request of a chaincode.
[[nodiscard]] bool is_request(protos::ChaincodeMessage::Type type);

// Returns the name of the type, or its number if it has no name.
[[nodiscard]] std::string type_name(protos::ChaincodeMessage::Type type);

// Decodes a payload of `bytes`. Errors: those of parse_checked(), as `unmarshal failed: ...`.
[[nodiscard]] Result<void> decode(std::string_view bytes, google::protobuf::Message& payload);

[[nodiscard]] Result<void> decode(const MessageView& message, google::protobuf::Message& payload);
[[nodiscard]] inline Result<void> decode(const Request& request,
                                         google::protobuf::Message& payload) {
  return decode(request.message, payload);
}

}  // namespace ccbus::chaincode
