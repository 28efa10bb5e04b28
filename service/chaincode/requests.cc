#include "service/chaincode/requests.h"

#include <algorithm>
#include <array>

#include "service/assert.h"
#include "service/chaincode/handle_range.h"
#include "service/chaincode/handle_state.h"

namespace ccbus::chaincode {
namespace {

using Message = protos::ChaincodeMessage;
using Serve = Result<void> (*)(const Request&);

Result<void> refuse_unsupported(const Request& request) {
  return fail(ErrorCode::kPrecondition,
              type_name(request.message.type()) + " is not supported by this version of ccbus");
}

struct Route {
  Message::Type type;
  Serve serve;
};

constexpr std::array kRoutes = {
    Route{Message::GET_STATE, handle_get_state},
    Route{Message::PUT_STATE, handle_put_state},
    Route{Message::DEL_STATE, handle_del_state},
    Route{Message::GET_STATE_BY_RANGE, handle_get_state_by_range},
    Route{Message::QUERY_STATE_NEXT, handle_query_state_next},
    Route{Message::QUERY_STATE_CLOSE, handle_query_state_close},
    Route{Message::INVOKE_CHAINCODE, refuse_unsupported},
    Route{Message::GET_QUERY_RESULT, refuse_unsupported},
    Route{Message::GET_HISTORY_FOR_KEY, refuse_unsupported},
    Route{Message::GET_STATE_METADATA, refuse_unsupported},
    Route{Message::PUT_STATE_METADATA, refuse_unsupported},
    Route{Message::GET_PRIVATE_DATA_HASH, refuse_unsupported},
    Route{Message::PURGE_PRIVATE_DATA, refuse_unsupported},
    Route{Message::WRITE_BATCH_STATE, refuse_unsupported},
    Route{Message::GET_STATE_MULTIPLE, refuse_unsupported},
};

const Route* find_route(Message::Type type) {
  const auto at = std::ranges::find(kRoutes, type, &Route::type);
  return at == kRoutes.end() ? nullptr : at;
}

}  // namespace

Result<void> serve(const Request& request) {
  const Route* route = find_route(request.message.type());
  CCBUS_ASSERT(route != nullptr);
  return route->serve(request);
}

bool is_request(Message::Type type) {
  return find_route(type) != nullptr;
}

std::string type_name(Message::Type type) {
  const std::string& name = Message::Type_Name(type);
  return name.empty() ? std::to_string(static_cast<int>(type)) : name;
}

}  // namespace ccbus::chaincode
