#include "service/gateway/access/access.h"

#include <algorithm>
#include <utility>

#include "service/gateway/access/signed_channel.h"

namespace ccbus::gateway {
namespace {

using security::Permissions;
using security::Right;
using Request = ccbus::ClientRequest;

// What a request needs.
struct Demand {
  const char* action;                      // "submit"; null if everybody may.
  Right right = Right::kCount;             // One of the two.
  Right or_right = Right::kCount;          // kCount: none.
  const std::string* channel = nullptr;    // Null: it is about no channel.
  const std::string* directory = nullptr;  // Of a snapshot; null: none.
};

const std::string& channel_of(const ccbus::SubmitRequest& submit, std::string& of_envelope) {
  if (submit.has_invocation()) return submit.invocation().channel_id();
  of_envelope = channel_of_payload(submit.prepared_transaction().payload());
  return of_envelope;
}

Demand demand_of(const ccbus::LedgerRequest& ledger) {
  using Query = ccbus::LedgerRequest;
  switch (ledger.query_case()) {
    case Query::kVerify: return {"verify", Right::kMaintain, Right::kCount, &ledger.channel_id()};
    case Query::kProgress:
      return {"see the progress of a verification", Right::kMaintain, Right::kRead,
              &ledger.channel_id()};
    case Query::kSnapshot:
      return {"write a snapshot", Right::kMaintain, Right::kCount, &ledger.channel_id(),
              &ledger.snapshot().directory()};
    default: return {"read the ledger", Right::kRead, Right::kCount, &ledger.channel_id()};
  }
}

Demand demand_of(const ccbus::ChannelRequest& channel) {
  const std::string* const directory = channel.create().snapshot_directory().empty()
                                           ? nullptr
                                           : &channel.create().snapshot_directory();
  return {"create, reset or configure a channel", Right::kChannels, Right::kCount,
          &channel.channel_id(), directory};
}

// The channel of what is asked for, which is in the proposal that a client has signed; empty if
// that cannot be read: then nobody may do it.
template <class Call>
const std::string& channel_of(const Call& call, std::string& of_proposal) {
  if (!call.has_proposed_transaction()) return call.invocation().channel_id();
  of_proposal = channel_of_proposal(call.proposed_transaction().proposal_bytes());
  return of_proposal;
}

// `of_envelope` holds what a demand may point to.
Demand demand_of(const Request& request, std::string& of_envelope) {
  switch (request.request_case()) {
    case Request::kEvaluate:
      return {"evaluate", Right::kEvaluate, Right::kCount,
              &channel_of(request.evaluate(), of_envelope)};
    case Request::kEndorse:
      return {"submit", Right::kSubmit, Right::kCount, &channel_of(request.endorse(), of_envelope)};
    case Request::kSubmit:
      return {"submit", Right::kSubmit, Right::kCount, &channel_of(request.submit(), of_envelope)};
    case Request::kCommitStatus:
      return {"ask for a commit status", Right::kSubmit, Right::kEvents,
              &request.commit_status().channel_id()};
    case Request::kChaincodeEvents:
      return {"receive events", Right::kEvents, Right::kCount,
              &request.chaincode_events().channel_id()};
    case Request::kBlockEvents:
      if (!request.block_events().filtered()) {
        return {"receive blocks", Right::kRead, Right::kCount,
                &request.block_events().channel_id()};
      }
      return {"receive events", Right::kEvents, Right::kCount,
              &request.block_events().channel_id()};
    case Request::kDefine:
      return {"define chaincode", Right::kDefine, Right::kCount, &request.define().channel_id()};
    case Request::kLedger: return demand_of(request.ledger());
    case Request::kChannel: return demand_of(request.channel());
    case Request::kKeys: return {"see the keys", Right::kKeys};
    case Request::kStatus:
    case Request::kCancel:  // Of the client's own requests.
    case Request::REQUEST_NOT_SET: return {nullptr};
  }
  return {nullptr};
}

bool has(const Permissions& permissions, Right right) {
  return right != Right::kCount && permissions.has(right);
}

}  // namespace

std::string denial(const security::AllowedKey& key, const std::string& what) {
  return "access denied: key [" + key.name + "] may not " + what;
}

std::optional<ccbus::Status> denied(const security::AllowedKey& key,
                                    const ccbus::ClientRequest& request) {
  std::string of_envelope;
  const Demand demand = demand_of(request, of_envelope);
  if (demand.action == nullptr) return std::nullopt;
  const Permissions& permissions = key.permissions;
  const bool may = (has(permissions, demand.right) || has(permissions, demand.or_right)) &&
                   (demand.channel == nullptr || permissions.may_use(*demand.channel));
  if (may && (demand.directory == nullptr || permissions.may_keep_snapshot(*demand.directory))) {
    return std::nullopt;
  }
  std::string what = demand.action;
  if (demand.channel != nullptr) what += " on channel [" + *demand.channel + "]";
  if (may) what += " with a snapshot in [" + *demand.directory + "]";
  ccbus::Status status;
  status.set_code(ccbus::PERMISSION_DENIED);
  status.set_message(denial(key, what));
  return status;
}

ccbus::StatusResponse visible_to(const security::AllowedKey& key, ccbus::StatusResponse status) {
  auto& channels = *status.mutable_channels();
  channels.erase(std::remove_if(channels.begin(), channels.end(),
                                [&key](const ccbus::ChannelStatus& channel) {
                                  return !key.permissions.may_use(channel.channel_id());
                                }),
                 channels.end());
  if (key.permissions.rights.none()) status.clear_chaincodes();
  return status;
}

}  // namespace ccbus::gateway
