#pragma once

#include <string>
#include <string_view>

#include "fabric/peer/chaincode_shim.pb.h"
#include "service/base/ids.h"
#include "service/base/log.h"
#include "service/base/result.h"

namespace ccbus::chaincode {

// Which request of which transaction, on which stream.
struct RequestName {
  HandlerId handler;
  protos::ChaincodeMessage::Type type;
  std::string_view channel_id;
  std::string_view txid;
};

// The text of the ERROR that answers a request which failed: Fabric's. Of an error of the disk a
// chaincode learns only that there is one, since the error's own text names files of ours; that
// text is logged. Any thread.
[[nodiscard]] std::string describe_failure(const RequestName& request, const Error& error,
                                           Logger& logger);

}  // namespace ccbus::chaincode
