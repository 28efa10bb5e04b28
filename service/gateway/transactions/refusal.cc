#include "service/gateway/transactions/refusal.h"

#include <string>
#include <utility>

namespace ccbus::gateway {
namespace {

constexpr const char* kSeeDetails = ", see attached details for more info";

// How the two calls word and code what they have in common.
struct Call {
  const char* failed;            // Before the reason.
  const char* failed_in_detail;  // If a detail has the reason.
  bool passes_refusals;          // Of the chaincode: as UNKNOWN, with its text.
};

constexpr Call kEvaluate = {
    "evaluate call to endorser returned error: ", "failed to evaluate transaction", true};
constexpr Call kEndorse = {"failed to endorse transaction: ", "failed to endorse transaction",
                           false};

ccbus::Status with_detail(ccbus::Status status, const EndorserName& endorser, std::string reason) {
  ccbus::ErrorDetail& detail = *status.add_details();
  detail.set_address(endorser.address);
  detail.set_msp_id(endorser.msp_id);
  detail.set_message(std::move(reason));
  return status;
}

ccbus::Status refusal_of(const Call& call, const Endorsed& endorsed, const EndorserName& endorser) {
  const auto in_detail = [&](std::string reason) {
    return with_detail(
        make_status(ccbus::ABORTED, std::string(call.failed_in_detail) + kSeeDetails), endorser,
        std::move(reason));
  };
  const ccbus::Status& status = endorsed.status;
  if (status.code() == ccbus::ABORTED) return in_detail(status.message());
  if (status.code() != ccbus::OK) return make_status(status.code(), call.failed + status.message());
  const protos::Response& response = endorsed.result.response;
  if (is_success(response)) return {};
  std::string reason =
      "chaincode response " + std::to_string(response.status()) + ", " + response.message();
  if (!call.passes_refusals) return in_detail(std::move(reason));
  return with_detail(make_status(ccbus::UNKNOWN, call.failed + reason), endorser, reason);
}

}  // namespace

ccbus::Status evaluate_refusal(const Endorsed& endorsed, const EndorserName& endorser) {
  if (!endorsed.is_unknown) return refusal_of(kEvaluate, endorsed, endorser);
  const Proposal& proposal = endorsed.proposal;
  const std::string nobody = "no peers available to evaluate chaincode " + proposal.chaincode_name +
                             " in channel " + proposal.key.channel.value;
  return with_detail(
      make_status(ccbus::FAILED_PRECONDITION,
                  proposal.has_transient
                      ? "no endorsers found in the gateway's organization; retry specifying target "
                        "organization(s) to protect transient data: " +
                            nobody
                      : nobody),
      endorser, endorsed.status.message());
}

ccbus::Status endorse_refusal(const Endorsed& endorsed, const EndorserName& endorser) {
  if (!endorsed.is_unknown) return refusal_of(kEndorse, endorsed, endorser);
  const Proposal& proposal = endorsed.proposal;
  return with_detail(
      make_status(ccbus::FAILED_PRECONDITION,
                  proposal.has_transient
                      ? "no endorsers found in the gateway's organization; retry specifying "
                        "endorsing organization(s) to protect transient data"
                      : "no combination of peers can be derived which satisfy the endorsement "
                        "policy: No metadata was found for chaincode " +
                            proposal.chaincode_name + " in channel " + proposal.key.channel.value),
      endorser, endorsed.status.message());
}

}  // namespace ccbus::gateway
