#include "service/chaincode/requests/failure.h"

#include "service/chaincode/requests/requests.h"

namespace ccbus::chaincode {
namespace {

std::string text_for_chaincode(const RequestName& request, const Error& error, Logger& logger) {
  if (error.code != ErrorCode::kIo && error.code != ErrorCode::kCorrupt) return error.message;
  logger.error("ledger.read_failed handler={} channel={} tx={} type={} reason={:?}",
               request.handler.value, request.channel_id, txid8(request.txid),
               type_name(request.type), error.message);
  return "the ledger cannot be read";
}

}  // namespace

std::string describe_failure(const RequestName& request, const Error& error, Logger& logger) {
  return type_name(request.type) + " failed: transaction ID: " + std::string(request.txid) + ": " +
         text_for_chaincode(request, error, logger);
}

}  // namespace ccbus::chaincode
