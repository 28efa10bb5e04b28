#include "service/gateway/gateway.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include <algorithm>
#include <climits>
#include <cstdint>
#include <exception>
#include <string>
#include <utility>

#include "service/base/endpoint_address.h"
#include "service/base/parse_message.h"
#include "service/gateway/access/access.h"
#include "service/gateway/access/request_channel.h"
#include "service/gateway/admin/define.h"
#include "service/gateway/transactions/evaluate.h"

namespace ccbus::gateway {
namespace {

constexpr int kFieldsLookedThrough = 8;

// Returns the correlation id of a request that is not decoded, or 0 if it is not among its first
// fields. Allocates nothing.
std::uint64_t find_correlation_id(std::string_view request) {
  using google::protobuf::internal::WireFormatLite;
  google::protobuf::io::CodedInputStream in(
      reinterpret_cast<const std::uint8_t*>(request.data()),
      static_cast<int>(std::min<std::size_t>(request.size(), INT_MAX)));
  for (int count = 0; count < kFieldsLookedThrough; ++count) {
    const std::uint32_t tag = in.ReadTag();
    if (tag == WireFormatLite::MakeTag(ccbus::ClientRequest::kCorrelationIdFieldNumber,
                                       WireFormatLite::WIRETYPE_VARINT)) {
      std::uint64_t id = 0;
      return in.ReadVarint64(&id) ? id : 0;
    }
    if (tag == 0 || !WireFormatLite::SkipField(&in, tag)) break;
  }
  return 0;
}

// What a request occupies while it is open. One for events or for a status waits most of the time;
// it keeps its place while it works.
Places::Kind kind_of(const ccbus::ClientRequest& request) {
  switch (request.request_case()) {
    case ccbus::ClientRequest::kCommitStatus:
    case ccbus::ClientRequest::kChaincodeEvents:
    case ccbus::ClientRequest::kBlockEvents: return Places::Kind::kWaiting;
    default: return Places::Kind::kWorking;
  }
}

// What has become of a request if it ends early.
OpenRequests::Effect effect_of(const ccbus::ClientRequest& request) {
  using Effect = OpenRequests::Effect;
  switch (request.request_case()) {
    case ccbus::ClientRequest::kSubmit:
    case ccbus::ClientRequest::kDefine: return Effect::kNotOrdered;
    case ccbus::ClientRequest::kChannel:
      return request.channel().has_configure() ? Effect::kNotOrdered : Effect::kCarriedOut;
    case ccbus::ClientRequest::kKeys: return Effect::kCarriedOut;
    default: return Effect::kNone;
  }
}

}  // namespace

Gateway::Gateway(Options options, const Dependencies& dependencies)
    : options_(std::move(options)),
      with_(dependencies),
      replies_(options_.places, with_.outbox, with_.logger, with_.counters),
      creators_({with_.channels, with_.identities, with_.holders, with_.background}),
      endorser_(with_.chaincodes, with_.simulators, with_.proposals,
                {with_.channels, creators_, with_.signers, replies_},
                host_and_port(options_.info.client_endpoint)),
      prepared_(options_.prepared),
      submits_({with_.channels, with_.identities, endorser_, prepared_, with_.signers, replies_,
                with_.counters},
               options_.retries_max),
      commit_statuses_(with_.channels, replies_, options_.wait_max),
      events_(with_.channels, with_.background, replies_, options_.wait_max),
      signed_questions_(with_.channels, with_.background, replies_, commit_statuses_, events_),
      height_waits_(with_.channels, replies_, options_.wait_max,
                    {options_.places.waiting, options_.prepared.bytes_max, "limits.gatewayWaiting",
                     "limits.preparedBytes", "wait for the height of a channel"},
                    [this](Now now, PendingRequest pending, const ccbus::ClientRequest& request) {
                      on_height(now, std::move(pending), request);
                    }),
      ledger_queries_(with_.channels, with_.background, replies_, options_.ledger_page_max),
      system_chaincodes_(with_.channels, with_.background, replies_, endorser_.name()),
      ledger_maintenance_(with_.channels, with_.upkeep, replies_, options_.scratch),
      channel_admin_(with_.channels, with_.host, with_.upkeep, replies_,
                     [this](const ChannelId& channel, std::uint64_t height) {
                       on_channel_leaving(channel, height);
                     }),
      key_admin_(with_.keys, with_.upkeep, replies_),
      channel_configuration_({with_.channels, with_.identities, creators_, with_.organizations,
                              with_.simulators, with_.proposals, with_.upkeep, replies_},
                             [this](PendingRequest pending, Endorsed endorsed) {
                               submits_.order(std::move(pending), std::move(endorsed));
                             }) {
  // Protobuf makes its tables of names when they are first used, and does not survive a failure.
  static_cast<void>(ccbus::ChaincodeDefinition::descriptor());
  static_cast<void>(protos::TxValidationCode_Name(protos::VALID));
}

Gateway::ReceivedRequest Gateway::decode(std::span<const std::byte> frame) const {
  const std::string_view bytes(reinterpret_cast<const char*>(frame.data()), frame.size());
  ReceivedRequest received;
  if (bytes.empty()) {
    received.outcome = fail(ErrorCode::kInvalid, "not a ccbus.ClientRequest (0 bytes)");
  } else if (bytes.size() > options_.request_bytes_max) {
    received.outcome =
        fail(ErrorCode::kExhausted, "a request of " + std::to_string(bytes.size()) +
                                        " bytes exceeds the limit of " +
                                        std::to_string(options_.request_bytes_max) +
                                        " (limits.clientMessageBytes, peer.maxRecvMsgSize)");
  } else {
    received.outcome = parse_checked(received.request, bytes, kReceivedOverheadMax);
  }
  received.correlation_id =
      received.outcome ? received.request.correlation_id() : find_correlation_id(bytes);
  return received;
}

template <class Step>
void Gateway::guarded(std::string_view event, Step step) noexcept {
  try {
    step();
  } catch (const std::exception& error) {
    with_.logger.error("gateway.exception event={} what={:?}", event, error.what());
  }
}

void Gateway::on_message(Now now, PeerId client, std::span<const std::byte> frame) noexcept {
  try {
    on_request(now, client, decode(frame));
  } catch (const std::exception& error) {
    with_.logger.error("gateway.exception event=decode client={} what={:?}", client.value,
                       error.what());
    const std::string_view bytes(reinterpret_cast<const char*>(frame.data()), frame.size());
    replies_.fail({client, find_correlation_id(bytes)});
  }
}

// A request that was taken has been answered by its destructor when an exception gets here.
void Gateway::on_request(Now now, PeerId client, const ReceivedRequest& received) noexcept {
  bool is_taken = false;
  try {
    take(now, client, received, is_taken);
  } catch (const std::exception& error) {
    with_.logger.error("gateway.exception event=request client={} what={:?}", client.value,
                       error.what());
    if (!is_taken) replies_.fail({client, received.correlation_id});
  }
}

void Gateway::take(Now now, PeerId client, const ReceivedRequest& received, bool& is_taken) {
  const ReplyAddress address{client, received.correlation_id};
  if (!received.outcome) {
    const Error& why = received.outcome.error();
    if (why.code != ErrorCode::kExhausted) return on_malformed(client, why.message);
    return replies_.refuse(address, ccbus::RESOURCE_EXHAUSTED, why.message);
  }
  const ccbus::ClientRequest& request = received.request;
  if (request.request_case() == ccbus::ClientRequest::REQUEST_NOT_SET) {
    replies_.refuse(address, ccbus::INVALID_ARGUMENT,
                    "the request asks for nothing that this service knows");
    return;
  }
  if (auto refusal = check_access(client, request)) {
    return replies_.refuse(address, refusal->code(), std::move(*refusal->mutable_message()));
  }
  if (request.has_cancel()) return replies_.cancel(address, request.cancel().correlation_id());
  const auto asked = asked_height(request);
  const bool has_to_wait = asked && asked->has_to_wait;
  const std::string chaincode = chaincode_of(request);
  auto pending = has_to_wait ? replies_.take(address, Places::Kind::kWaiting, {})
                             : replies_.take(address, kind_of(request), chaincode);
  is_taken = true;  // Or refused.
  if (!pending) return;
  pending->set_effect(effect_of(request));
  if (request.timeout_ms() > 0) replies_.set_timeout(*pending, now, request.timeout_ms());
  if (has_to_wait) return height_waits_.add(now, std::move(*pending), asked->channel, request);
  if (asked) pending->set_height(asked->height);
  const auto& anew = channel_admin_.beginning_anew();
  std::string of_bytes;
  if (anew && !request.has_channel() && channel_of(request, of_bytes) == anew->value) {
    return replies_.reply(std::move(*pending), channel_begins_anew(anew->value));
  }
  route(now, std::move(*pending), request, chaincode);
}

std::optional<Gateway::AskedHeight> Gateway::asked_height(
    const ccbus::ClientRequest& request) const {
  if (request.min_height() == 0) return std::nullopt;
  if (request.has_channel() && !request.channel().has_configure()) return std::nullopt;
  std::string of_bytes;
  const auto at = with_.channels.find(ChannelId{channel_of(request, of_bytes)});
  if (at == with_.channels.end()) return std::nullopt;
  const std::uint64_t height = at->second.ledger->height();
  const auto earlier = earlier_heights_.find(at->first);
  const bool has_begun_anew =
      earlier != earlier_heights_.end() && request.min_height() <= earlier->second;
  return AskedHeight{at->first, height, height < request.min_height() && !has_begun_anew};
}

void Gateway::on_height(Now now, PendingRequest pending, const ccbus::ClientRequest& request) {
  pending.set_height(request.min_height());
  if (kind_of(request) == Places::Kind::kWaiting) {
    return route(now, std::move(pending), request, {});
  }
  const std::string chaincode = chaincode_of(request);
  auto working = replies_.move_to(std::move(pending), kind_of(request), chaincode);
  if (working) route(now, std::move(*working), request, chaincode);
}

std::optional<ccbus::Status> Gateway::check_access(PeerId client,
                                                   const ccbus::ClientRequest& request) {
  if (!with_.holders.are_asked()) return std::nullopt;
  const security::AllowedKey& key = with_.holders.of(client);
  auto refusal = denied(key, request);
  if (!refusal && key.permissions.only_signed && request.submit().has_prepared_transaction()) {
    // Nobody checks the signature of a transaction on a channel without a configuration.
    std::string of_bytes;
    const std::string& channel = channel_of(request, of_bytes);
    if (trust_of(with_.channels, ChannelId{channel}) == nullptr) {
      refusal = make_status(
          ccbus::PERMISSION_DENIED,
          denial(key, "submit on channel [" + channel + "] without a client's signature"));
    }
  }
  if (refusal) {
    with_.counters.add(Counter::kPermissionsDenied);
    with_.logger.warn("security.denied client={} why={:?}", client.value, refusal->message());
  }
  return refusal;
}

void Gateway::route(Now now, PendingRequest pending, const ccbus::ClientRequest& request,
                    const std::string& chaincode) {
  using Request = ccbus::ClientRequest;
  if (!chaincode.empty() && SystemChaincodes::has(chaincode)) {
    if (!request.has_evaluate()) {
      return system_chaincodes_.refuse_order(std::move(pending), chaincode);
    }
    return system_chaincodes_.evaluate(now, std::move(pending), request.evaluate(), chaincode);
  }
  switch (request.request_case()) {
    case Request::kEvaluate: return evaluate(now, std::move(pending), request.evaluate());
    case Request::kEndorse: return submits_.endorse(now, std::move(pending), request.endorse());
    case Request::kSubmit: return submits_.submit(now, std::move(pending), request.submit());
    case Request::kCommitStatus:
      if (request.commit_status().has_signed_request()) {
        return signed_questions_.ask(now, std::move(pending), request.commit_status());
      }
      return commit_statuses_.ask(now, std::move(pending), request.commit_status());
    case Request::kChaincodeEvents:
      if (request.chaincode_events().has_signed_request()) {
        return signed_questions_.ask(now, std::move(pending), request.chaincode_events());
      }
      return events_.ask(now, std::move(pending), request.chaincode_events());
    case Request::kBlockEvents:
      if (request.block_events().has_signed_request()) {
        return signed_questions_.ask(now, std::move(pending), request.block_events());
      }
      return events_.ask(now, std::move(pending), request.block_events(), {});
    case Request::kDefine: return define(now, std::move(pending), request.define());
    case Request::kStatus: return report_status(now, std::move(pending));
    case Request::kKeys: return key_admin_.ask(std::move(pending), request.keys());
    case Request::kChannel:
      if (request.channel().has_configure()) {
        return channel_configuration_.ask(std::move(pending), request.channel());
      }
      return channel_admin_.ask(std::move(pending), request.channel());
    case Request::kLedger:
      if (LedgerMaintenance::is_for(request.ledger())) {
        return ledger_maintenance_.ask(std::move(pending), request.ledger());
      }
      return ledger_queries_.ask(std::move(pending), request.ledger());
    case Request::kCancel:
    case Request::REQUEST_NOT_SET: break;  // Answered in take().
  }
}

void Gateway::evaluate(Now now, PendingRequest pending, const ccbus::EvaluateRequest& request) {
  const auto caller = pending.reference();
  auto done = [this, held = std::move(pending)](Endorsed endorsed) mutable {
    ccbus::ClientResponse response;
    answer_evaluate(endorsed, endorser_.name(), response);
    replies_.reply(std::move(held), response);
  };
  if (request.has_proposed_transaction()) {
    endorser_.endorse(now, caller, request.proposed_transaction(), std::move(done));
  } else {
    endorser_.endorse(now, caller, request.invocation(), std::move(done));
  }
}

void Gateway::define(Now now, PendingRequest pending, const ccbus::DefineRequest& request) {
  const PeerId client = pending.client();
  creators_.find(now, client, {request.channel_id()},
                 [this, held = std::move(pending), request](
                     Now then, Result<ServiceIdentities::Identity> creator) mutable {
                   if (!creator) {
                     return replies_.reply(std::move(held), make_status(creator.error()));
                   }
                   define_as(then, std::move(held), request, std::move(*creator));
                 });
}

void Gateway::define_as(Now now, PendingRequest pending, const ccbus::DefineRequest& request,
                        ServiceIdentities::Identity creator) {
  const auto trust = trust_of(with_.channels, ChannelId{request.channel_id()});
  Endorsed endorsed = define_chaincode(now, request, with_.simulators, with_.proposals,
                                       std::move(creator), with_.identities.played(trust.get()));
  if (endorsed.status.code() != ccbus::OK || endorsed.result.response.message() != kUnchanged) {
    submits_.order(std::move(pending), std::move(endorsed));
    return;
  }
  ccbus::ClientResponse response;
  response.mutable_submit()->set_transaction_id(endorsed.proposal.key.tx.value);
  response.mutable_submit()->set_validation_code(protos::NOT_VALIDATED);
  *response.mutable_submit()->mutable_result() = std::move(endorsed.result.response);
  replies_.reply(std::move(pending), response);
}

// Before it is answered, the creators are made that the client's transactions would have.
void Gateway::report_status(Now now, PendingRequest pending) {
  const PeerId client = pending.client();
  const security::Permissions& permissions = with_.holders.of(client).permissions;
  for (const auto& [channel, parts] : with_.channels) {
    const bool is_needed = permissions.has(security::Right::kSubmit) &&
                           permissions.may_use(channel.value) &&
                           !permissions.only_signed;  // It has no creator: its clients sign.
    if (!is_needed || creators_.known(client, channel)) continue;
    return creators_.find(now, client, channel,
                          [this, held = std::move(pending)](
                              Now then, const Result<ServiceIdentities::Identity>& made) mutable {
                            if (made) return report_status(then, std::move(held));
                            answer_status(then, std::move(held));
                          });
  }
  answer_status(now, std::move(pending));
}

void Gateway::answer_status(Now now, PendingRequest pending) {
  ccbus::ClientResponse response;
  const security::AllowedKey& key = with_.holders.of(pending.client());
  ccbus::StatusResponse& status = *response.mutable_service_status();
  status = visible_to(
      key, service_status(now, options_.info, with_.chaincodes, with_.channels, with_.counters));
  for (ccbus::ChannelStatus& channel : *status.mutable_channels()) {
    const auto creator = creators_.known(pending.client(), ChannelId{channel.channel_id()});
    if (creator && *creator) channel.set_creator((**creator)->serialized());
  }
  if (with_.holders.are_asked()) *status.mutable_own_key() = key_status(key);
  replies_.reply(std::move(pending), response);
}

void Gateway::on_malformed(PeerId client, std::string_view reason) noexcept {
  try {
    replies_.refuse({client, 0}, ccbus::INVALID_ARGUMENT, std::string(reason));
  } catch (const std::exception&) {
    replies_.fail({client, 0});
  }
}

void Gateway::on_client_shut_out(PeerId client) noexcept {
  try {
    replies_.refuse({client, 0}, ccbus::UNAUTHENTICATED,
                    "the key of this connection was revoked, has expired, or may do other things "
                    "than before: connect again");
  } catch (const std::exception&) {  // It is cut all the same.
  }
  on_client_gone(client);
}

void Gateway::on_client_gone(PeerId client) noexcept {
  replies_.on_client_gone(client);
  commit_statuses_.on_client_gone(client);
  events_.on_client_gone(client);
  signed_questions_.on_client_gone(client);
  height_waits_.on_client_gone(client);
  ledger_maintenance_.on_client_gone(client);
}

void Gateway::on_block(Now now, const ledger::BlockCommitted& block) noexcept {
  with_.counters.add(Counter::kBlocks);
  for (const ledger::CommittedTransaction& transaction : block.transactions) {
    const bool valid = transaction.code == protos::VALID;
    with_.counters.add(valid ? Counter::kTransactionsValid : Counter::kTransactionsInvalid);
  }
  submits_.ordered().on_block(now, block);
  commit_statuses_.on_block(block);
  events_.on_block(block.channel);
  height_waits_.on_block(now, block.channel);
}

void Gateway::on_listening(std::string chaincode_endpoint, std::string client_endpoint) {
  endorser_.set_address(host_and_port(client_endpoint));
  options_.info.chaincode_endpoint = std::move(chaincode_endpoint);
  options_.info.client_endpoint = std::move(client_endpoint);
}

void Gateway::on_timer(Now now) noexcept {
  guarded("timer", [&] { commit_statuses_.on_timer(now); });
  guarded("timer", [&] { events_.on_timer(now); });
  guarded("timer", [&] { height_waits_.on_timer(now); });
  replies_.on_timer(now);  // Last: the others know more about what they answer.
  replies_.retry_ends();
}

std::optional<SteadyTime> Gateway::next_deadline() const {
  if (replies_.has_ends()) return SteadyTime();  // At once.
  return earlier(earlier(replies_.next_deadline(), height_waits_.next_deadline()),
                 earlier(commit_statuses_.next_deadline(), events_.next_deadline()));
}

void Gateway::on_channel_leaving(const ChannelId& channel, std::uint64_t height) {
  std::uint64_t& earlier = earlier_heights_[channel];
  earlier = std::max(earlier, height);
  with_.simulators.forget(channel);
  prepared_.forget(channel);
  submits_.ordered().on_channel_gone(channel);
  commit_statuses_.on_channel_gone(channel);
  events_.on_channel_gone(channel);
  height_waits_.on_channel_gone(channel);
  ledger_maintenance_.on_channel_gone(channel);
}

// A view that is kept here would keep the database open.
void Gateway::on_ledger_closed(const ChannelId& channel) noexcept {
  with_.simulators.forget(channel);
  submits_.ordered().on_ledger_closed(channel);
  ledger_maintenance_.on_channel_gone(channel);
}

void Gateway::on_log_halted(const ChannelId& channel) noexcept {
  submits_.ordered().on_log_halted(channel);
}

void Gateway::stop_accepting() noexcept {
  replies_.close();
  events_.shutdown();
  height_waits_.shutdown();
  ledger_maintenance_.shutdown();
  channel_admin_.shutdown();
}

void Gateway::shutdown() noexcept {
  submits_.ordered().shutdown();
  commit_statuses_.shutdown();
}

}  // namespace ccbus::gateway
