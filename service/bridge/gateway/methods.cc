#include "service/bridge/gateway/methods.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "fabric/gateway/calls.pb.h"
#include "fabric/gateway/gateway.pb.h"
#include "service/base/assert.h"
#include "service/bridge/gateway/deliver_call.h"
#include "service/bridge/gateway/events_call.h"
#include "service/bridge/gateway/unary_call.h"

namespace ccbus::bridge {
namespace {

using Content = ccbus::BlockEventsRequest::Content;

template <class Message>
Result<Message> parse(const std::string& bytes) {
  Message message;
  if (message.ParseFromString(bytes)) return message;
  return fail(ErrorCode::kInvalid,
              "the request is no " + std::string(Message::descriptor()->full_name()));
}

Result<ccbus::ClientRequest> evaluate(const std::string& bytes) {
  auto given = parse<::gateway::EvaluateRequest>(bytes);
  if (!given) return unexpected(given.error());
  if (given->proposed_transaction().proposal_bytes().empty()) {
    return fail(ErrorCode::kInvalid,
                "failed to unpack transaction proposal: a signed proposal is required");
  }
  ccbus::ClientRequest request;
  request.mutable_evaluate()->mutable_proposed_transaction()->Swap(
      given->mutable_proposed_transaction());
  return request;
}

std::string evaluated(ccbus::ClientResponse response) {
  ::gateway::EvaluateResponse reply;
  reply.mutable_result()->Swap(response.mutable_evaluate()->mutable_result());
  return reply.SerializeAsString();
}

Result<ccbus::ClientRequest> endorse(const std::string& bytes) {
  auto given = parse<::gateway::EndorseRequest>(bytes);
  if (!given) return unexpected(given.error());
  if (given->proposed_transaction().proposal_bytes().empty()) {
    return fail(ErrorCode::kInvalid, "the proposed transaction must contain a signed proposal");
  }
  ccbus::ClientRequest request;
  request.mutable_endorse()->mutable_proposed_transaction()->Swap(
      given->mutable_proposed_transaction());
  request.mutable_endorse()->mutable_endorsing_organizations()->Swap(
      given->mutable_endorsing_organizations());
  return request;
}

std::string endorsed(ccbus::ClientResponse response) {
  ::gateway::EndorseResponse reply;
  reply.mutable_prepared_transaction()->Swap(
      response.mutable_endorse()->mutable_prepared_transaction());
  return reply.SerializeAsString();
}

Result<ccbus::ClientRequest> submit(const std::string& bytes) {
  auto given = parse<::gateway::SubmitRequest>(bytes);
  if (!given) return unexpected(given.error());
  if (!given->has_prepared_transaction()) {
    return fail(ErrorCode::kInvalid, "a prepared transaction is required");
  }
  if (given->prepared_transaction().signature().empty()) {
    return fail(ErrorCode::kInvalid, "prepared transaction must be signed");
  }
  ccbus::ClientRequest request;
  request.mutable_submit()->set_until(ccbus::SubmitRequest::ORDERED);
  request.mutable_submit()->mutable_prepared_transaction()->Swap(
      given->mutable_prepared_transaction());
  return request;
}

std::string submitted(ccbus::ClientResponse) {
  return ::gateway::SubmitResponse().SerializeAsString();
}

Result<ccbus::ClientRequest> commit_status(const std::string& bytes) {
  auto given = parse<::gateway::SignedCommitStatusRequest>(bytes);
  if (!given) return unexpected(given.error());
  ccbus::ClientRequest request;
  request.mutable_commit_status()->mutable_signed_request()->Swap(&*given);
  return request;
}

std::string committed(ccbus::ClientResponse response) {
  ::gateway::CommitStatusResponse reply;
  reply.set_result(response.commit_status().validation_code());
  reply.set_block_number(response.commit_status().block_number());
  return reply.SerializeAsString();
}

constexpr UnaryMethod kEvaluate{"/gateway.Gateway/Evaluate", &evaluate, &evaluated};
constexpr UnaryMethod kEndorse{"/gateway.Gateway/Endorse", &endorse, &endorsed};
constexpr UnaryMethod kSubmit{"/gateway.Gateway/Submit", &submit, &submitted};
constexpr UnaryMethod kCommitStatus{"/gateway.Gateway/CommitStatus", &commit_status, &committed,
                                    true};

// What a call needs in order to begin.
struct Beginning {
  Rpc& rpc;
  const RpcPeer& peer;
  UnaryCall::Link link;
};

template <const UnaryMethod& Method>
std::unique_ptr<RpcCall> unary(Beginning begin) {
  return std::make_unique<UnaryCall>(begin.rpc, Method, begin.peer.deadline, std::move(begin.link));
}

std::unique_ptr<RpcCall> events(Beginning begin) {
  return std::make_unique<EventsCall>(begin.rpc, std::move(begin.link));
}

template <Content Of>
std::unique_ptr<RpcCall> deliver(Beginning begin) {
  return std::make_unique<DeliverCall>(begin.rpc, Of, std::move(begin.link));
}

struct Method {
  std::string_view name;
  std::unique_ptr<RpcCall> (*start)(Beginning);
};

constexpr std::array kMethods{
    Method{kEvaluate.name, &unary<kEvaluate>},
    Method{kEndorse.name, &unary<kEndorse>},
    Method{kSubmit.name, &unary<kSubmit>},
    Method{kCommitStatus.name, &unary<kCommitStatus>},
    Method{EventsCall::kName, &events},
    Method{"/protos.Deliver/Deliver", &deliver<ccbus::BlockEventsRequest::FULL>},
    Method{"/protos.Deliver/DeliverFiltered", &deliver<ccbus::BlockEventsRequest::FILTERED>},
    Method{"/protos.Deliver/DeliverWithPrivateData",
           &deliver<ccbus::BlockEventsRequest::WITH_PRIVATE_DATA>},
};

// What a Fabric peer or orderer serves besides, by the beginning of a method's name.
struct Elsewhere {
  std::string_view prefix;
  const char* use;
};

constexpr std::array kElsewhere{
    Elsewhere{"/protos.Endorser/",
              "proposals are endorsed by gateway.Gateway/Evaluate and Endorse, which Fabric's "
              "gateway clients call; chaincode is deployed with `ccbus chaincode`"},
    Elsewhere{"/orderer.AtomicBroadcast/",
              "transactions are ordered by gateway.Gateway/Submit, blocks come from "
              "protos.Deliver; channels are configured with `ccbus channel`"},
    Elsewhere{"/discovery.Discovery/",
              "nothing has to be discovered: gateway.Gateway finds the endorsers"},
    Elsewhere{"/protos.ChaincodeSupport/",
              "chaincode registers at the other address of ccbus-bridge, chaincodeListenAddress"},
};

const Method* find(std::string_view name) {
  const auto at = std::ranges::find(kMethods, name, &Method::name);
  return at == kMethods.end() ? nullptr : &*at;
}

}  // namespace

std::optional<RpcEnd> GatewayMethods::refuses(std::string_view method) {
  if (find(method) != nullptr) return std::nullopt;
  for (const Elsewhere& elsewhere : kElsewhere) {
    if (method.starts_with(elsewhere.prefix)) {
      return rpc_end(RpcCode::kUnimplemented,
                     "ccbus-bridge does not serve this method: " + std::string(elsewhere.use));
    }
  }
  return rpc_end(RpcCode::kUnimplemented,
                 "ccbus-bridge serves gateway.Gateway and protos.Deliver here");
}

std::unique_ptr<RpcCall> GatewayMethods::start(Now, Rpc& rpc, std::string_view method,
                                               const RpcPeer& peer) {
  const Method* found = find(method);
  CCBUS_ASSERT(found != nullptr);
  return found->start({rpc, peer, [&links = links_, connection = peer.connection](Now then) {
                         return links.of(then, connection);
                       }});
}

}  // namespace ccbus::bridge
