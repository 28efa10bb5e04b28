#include "service/chaincode/requests/requests.h"

#include <algorithm>
#include <array>

#include "service/base/assert.h"
#include "service/chaincode/requests/request_handlers.h"

namespace ccbus::chaincode {
namespace {

using Message = protos::ChaincodeMessage;
using Serve = Result<Answer> (*)(const Request&);

// Adapts a handler that always replies at once to the table.
template <Result<void> (*Handle)(const Request&)>
Result<Answer> at_once(const Request& request) {
  if (auto handled = Handle(request); !handled) return unexpected(handled.error());
  return Answer{Replied{}};
}

struct Route {
  Message::Type type;
  Serve serve;
};

constexpr std::array kRoutes = {
    Route{Message::GET_STATE, at_once<handle_get_state>},
    Route{Message::PUT_STATE, at_once<handle_put_state>},
    Route{Message::DEL_STATE, at_once<handle_del_state>},
    Route{Message::GET_STATE_BY_RANGE, handle_get_state_by_range},
    Route{Message::QUERY_STATE_NEXT, handle_query_state_next},
    Route{Message::QUERY_STATE_CLOSE, at_once<handle_query_state_close>},
    Route{Message::INVOKE_CHAINCODE, handle_invoke_chaincode},
    Route{Message::GET_QUERY_RESULT, handle_get_query_result},
    Route{Message::GET_HISTORY_FOR_KEY, handle_get_history_for_key},
    Route{Message::GET_STATE_METADATA, at_once<handle_get_state_metadata>},
    Route{Message::PUT_STATE_METADATA, at_once<handle_put_state_metadata>},
    Route{Message::GET_PRIVATE_DATA_HASH, at_once<handle_get_private_data_hash>},
    Route{Message::PURGE_PRIVATE_DATA, at_once<handle_purge_private_data>},
    Route{Message::WRITE_BATCH_STATE, at_once<handle_write_batch_state>},
    Route{Message::GET_STATE_MULTIPLE, handle_get_state_multiple},
};

const Route* find_route(Message::Type type) {
  const auto at = std::ranges::find(kRoutes, type, &Route::type);
  return at == kRoutes.end() ? nullptr : at;
}

}  // namespace

Result<Answer> serve(const Request& request) {
  const Route* route = find_route(request.message.type);
  CCBUS_ASSERT(route != nullptr);
  return route->serve(request);
}

bool is_request(Message::Type type) {
  return find_route(type) != nullptr;
}

Result<void> decode(std::string_view bytes, google::protobuf::Message& payload) {
  return decode({.payload = bytes}, payload);
}

Result<void> decode(const MessageView& message, google::protobuf::Message& payload) {
  auto parsed = take_payload(message, payload, kReceivedOverheadMax);
  if (parsed) return parsed;
  return fail(parsed.error().code, "unmarshal failed: " + parsed.error().message);
}

std::string type_name(Message::Type type) {
  const std::string& name = Message::Type_Name(type);
  return name.empty() ? std::to_string(static_cast<int>(type)) : name;
}

}  // namespace ccbus::chaincode
