#include "service/gateway/access/access.h"

#include <algorithm>
#include <utility>

#include "service/gateway/access/request_channel.h"

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
  bool is_signed = false;                  // A client has signed it itself.
};

// The same request, which a client has signed if `is_signed`.
Demand signed_if(bool is_signed, Demand demand) {
  demand.is_signed = is_signed;
  return demand;
}

constexpr const char* kReadLedger = "read the ledger";
constexpr const char* kConfigure = "create, reset or configure a channel";

// The name under which transactions change the configuration of their channel.
constexpr const char* kChannelNamespace = "_channel";

// Fabric's chaincode that answers from the ledger.
constexpr const char* kLedgerChaincode = "qscc";

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
    default: return {kReadLedger, Right::kRead, Right::kCount, &ledger.channel_id()};
  }
}

Demand demand_of(const ccbus::ChannelRequest& channel) {
  const std::string* const directory = channel.create().snapshot_directory().empty()
                                           ? nullptr
                                           : &channel.create().snapshot_directory();
  return {kConfigure, Right::kChannels, Right::kCount, &channel.channel_id(), directory};
}

// What a call of chaincode needs.
Demand of_call(const std::string& chaincode, const char* action, Right right,
               const std::string& channel) {
  if (chaincode == kChannelNamespace) {
    return {kConfigure, Right::kChannels, Right::kCount, &channel};
  }
  if (chaincode == kLedgerChaincode && right == Right::kEvaluate) {
    return {kReadLedger, Right::kRead, Right::kCount, &channel};
  }
  return {action, right, Right::kCount, &channel};
}

// Whether only ids, codes and events are asked for.
bool is_filtered(const ccbus::BlockEventsRequest& blocks) {
  using Content = ccbus::BlockEventsRequest;
  return blocks.content() == Content::FILTERED ||
         (blocks.filtered() && blocks.content() == Content::FULL);
}

// Whether a prepared transaction has the signature that its creator adds.
bool is_signed(const ccbus::SubmitRequest& submit) {
  return submit.has_prepared_transaction() && !submit.prepared_transaction().signature().empty();
}

Demand demand_of(const ccbus::BlockEventsRequest& blocks, const std::string& channel) {
  const bool is_signed = blocks.has_signed_request();
  if (is_filtered(blocks)) {
    return signed_if(is_signed, {"receive events", Right::kEvents, Right::kCount, &channel});
  }
  return signed_if(is_signed, {"receive blocks", Right::kRead, Right::kCount, &channel});
}

// `channel` is that of the request; it and the request outlive the demand.
Demand demand_of(const Request& request, const std::string& channel) {
  switch (request.request_case()) {
    case Request::kEvaluate:
      return signed_if(request.evaluate().has_proposed_transaction(),
                       of_call(chaincode_of(request), "evaluate", Right::kEvaluate, channel));
    case Request::kEndorse:
      return signed_if(request.endorse().has_proposed_transaction(),
                       of_call(chaincode_of(request), "submit", Right::kSubmit, channel));
    case Request::kSubmit:
      return signed_if(is_signed(request.submit()),
                       {"submit", Right::kSubmit, Right::kCount, &channel});
    case Request::kCommitStatus:
      return signed_if(request.commit_status().has_signed_request(),
                       {"ask for a commit status", Right::kSubmit, Right::kEvents, &channel});
    case Request::kChaincodeEvents:
      return signed_if(request.chaincode_events().has_signed_request(),
                       {"receive events", Right::kEvents, Right::kCount, &channel});
    case Request::kBlockEvents: return demand_of(request.block_events(), channel);
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
  const bool lacks_signature = permissions.only_signed && !demand.is_signed;
  if (may && !lacks_signature &&
      (demand.directory == nullptr || permissions.may_keep_snapshot(*demand.directory))) {
    return std::nullopt;
  }
  std::string what = demand.action;
  if (demand.channel != nullptr) what += " on channel [" + *demand.channel + "]";
  if (may && lacks_signature) {
    what += " without a client's signature";
  } else if (may) {
    what += " with a snapshot in [" + *demand.directory + "]";
  }
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
