#include "service/bridge/gateway/rpc_status.h"

#include "fabric/gateway/calls.pb.h"
#include "google/rpc/status.pb.h"

namespace ccbus::bridge {

RpcEnd rpc_end(const ccbus::Status& status) {
  RpcEnd end{status.code(), status.message()};
  if (status.details().empty()) return end;
  google::rpc::Status whole;
  whole.set_code(status.code());
  whole.set_message(status.message());
  for (const ccbus::ErrorDetail& said : status.details()) {
    ::gateway::ErrorDetail detail;
    detail.set_address(said.address());
    detail.set_msp_id(said.msp_id());
    detail.set_message(said.message());
    whole.add_details()->PackFrom(detail);
  }
  end.details = whole.SerializeAsString();
  return end;
}

}  // namespace ccbus::bridge
