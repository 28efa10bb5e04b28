#include "service/gateway/access/access.h"

#include <algorithm>
#include <utility>

#include "fabric/peer/chaincode.pb.h"
#include "service/base/parse_message.h"
#include "service/gateway/access/request_channel.h"
#include "service/gateway/access/signed_header.h"

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

constexpr const char* kConfigure = "create, reset or configure a channel";

// The name under which transactions change the configuration of their channel.
constexpr const char* kChannelNamespace = "_channel";

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
  return {kConfigure, Right::kChannels, Right::kCount, &channel.channel_id(), directory};
}

// The chaincode that is called; also where it stands in a proposal that the client has signed.
template <class Call>
std::string chaincode_of(const Call& call) {
  if (!call.has_proposed_transaction()) return call.invocation().chaincode_name();
  const auto header = header_of_proposal(call.proposed_transaction().proposal_bytes());
  protos::ChaincodeHeaderExtension extension;
  return parse(extension, header.extension()) ? extension.chaincode_id().name() : std::string();
}

// What a call of chaincode needs.
template <class Call>
Demand demand_of(const Call& call, const char* action, Right right, const std::string& channel) {
  if (chaincode_of(call) == kChannelNamespace) {
    return {kConfigure, Right::kChannels, Right::kCount, &channel};
  }
  return {action, right, Right::kCount, &channel};
}

// `channel` is that of the request; it and the request outlive the demand.
Demand demand_of(const Request& request, const std::string& channel) {
  switch (request.request_case()) {
    case Request::kEvaluate:
      return demand_of(request.evaluate(), "evaluate", Right::kEvaluate, channel);
    case Request::kEndorse: return demand_of(request.endorse(), "submit", Right::kSubmit, channel);
    case Request::kSubmit: return {"submit", Right::kSubmit, Right::kCount, &channel};
    case Request::kCommitStatus:
      return {"ask for a commit status", Right::kSubmit, Right::kEvents, &channel};
    case Request::kChaincodeEvents:
      return {"receive events", Right::kEvents, Right::kCount, &channel};
    case Request::kBlockEvents:
      if (request.block_events().filtered()) {
        return {"receive events", Right::kEvents, Right::kCount, &channel};
      }
      return {"receive blocks", Right::kRead, Right::kCount, &channel};
    case Request::kDefine: return {"define chaincode", Right::kDefine, Right::kCount, &channel};
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
  std::string of_bytes;
  const Demand demand = demand_of(request, channel_of(request, of_bytes));
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
