#include "service/gateway/transactions/endorsement.h"

#include <utility>

#include "service/base/assert.h"

namespace ccbus::gateway {
namespace {

constexpr const char* kFailed = "failed to endorse transaction: ";

std::string encode_private_data(const rwset::TxPvtReadWriteSet& data) {
  return data.ns_pvt_rwset_size() == 0 ? std::string() : data.SerializeAsString();
}

}  // namespace

ccbus::Status endorsement_refusal(const Endorsed& endorsed) {
  if (endorsed.status.code() != ccbus::OK) {
    return make_status(endorsed.status.code(), kFailed + endorsed.status.message());
  }
  const protos::Response& response = endorsed.result.response;
  if (is_success(response)) return {};
  return make_status(ccbus::UNKNOWN,
                     kFailed + ("chaincode response " + std::to_string(response.status()) + ", " +
                                response.message()));
}

Endorsement make_endorsement(Endorsed endorsed) {
  chaincode::ExecutionResult& result = endorsed.result;
  auto results = result.simulator->results();
  CCBUS_ASSERT(results.has_value());  // The results are taken only here, and only once.
  result.simulator->done();
  Endorsement made;
  made.envelope = transaction_envelope(endorsed.proposal,
                                       {results->public_data, result.response, result.event});
  made.private_data = encode_private_data(results->private_data);
  made.key = std::move(endorsed.proposal.key);
  made.response = std::move(result.response);
  made.event = std::move(result.event);
  return made;
}

}  // namespace ccbus::gateway
