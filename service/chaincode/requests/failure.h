#pragma once

#include <string>
#include <string_view>

#include "fabric/peer/chaincode_shim.pb.h"
#include "service/base/ids.h"
#include "service/base/log.h"
#include "service/base/result.h"

namespace ccbus::chaincode {

// Identifies a request: its stream, its type and its transaction.
struct RequestName {
  HandlerId handler;
  protos::ChaincodeMessage::Type type;
  std::string_view channel_id;
  std::string_view txid;
};

// The text of the ERROR that answers a failed request, in Fabric's form. For an error of the disk
// it says only that the ledger cannot be read, since the error's own text names files of the
// service; that text is logged. Any thread.
[[nodiscard]] std::string describe_failure(const RequestName& request, const Error& error,
                                           Logger& logger);

}  // namespace ccbus::chaincode
