#include "service/gateway/replies/replies.h"

#include <unicode/unistr.h>

#include <exception>
#include <string>
#include <utility>

#include "service/base/assert.h"

namespace ccbus::gateway {
namespace {

ccbus::StatusCode code_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalid: return ccbus::INVALID_ARGUMENT;
    case ErrorCode::kNotFound: return ccbus::NOT_FOUND;
    case ErrorCode::kExists: return ccbus::ALREADY_EXISTS;
    case ErrorCode::kPrecondition: return ccbus::FAILED_PRECONDITION;
    case ErrorCode::kDeadline: return ccbus::DEADLINE_EXCEEDED;
    case ErrorCode::kPeerGone:
    case ErrorCode::kUnavailable: return ccbus::UNAVAILABLE;
    case ErrorCode::kDenied: return ccbus::PERMISSION_DENIED;
    case ErrorCode::kExhausted: return ccbus::RESOURCE_EXHAUSTED;
    case ErrorCode::kCorrupt: return ccbus::DATA_LOSS;
    case ErrorCode::kIo: return ccbus::INTERNAL;
  }
  return ccbus::UNKNOWN;
}

// True for a look-up: the request ran no chaincode and changed nothing. An answer that is only an
// error does not count as one.
bool is_of_look_up(const ccbus::ClientResponse& response) {
  switch (response.response_case()) {
    case ccbus::ClientResponse::kServiceStatus:
    case ccbus::ClientResponse::kCommitStatus:
    case ccbus::ClientResponse::kChaincodeEvents:
    case ccbus::ClientResponse::kBlockEvents:
    case ccbus::ClientResponse::kLedger: return true;
    default: return false;
  }
}

// What became of a request that has ended early.
std::string consequence_of(const OpenRequests::Ended& ended) {
  using Effect = OpenRequests::Effect;
  if (ended.so_far != nullptr) {
    return "; the outcome of transaction " + ended.so_far->submit().transaction_id() +
           " is unknown: it is ordered";
  }
  switch (ended.effect) {
    case Effect::kNone: return {};
    case Effect::kNotOrdered: return "; nothing of it will be committed";
    case Effect::kCarriedOut: return "; it is carried out all the same";
  }
  return {};
}

// The texts of chaincodes may be any bytes, but a protobuf string has to be UTF-8.
void make_utf8(std::string& text) {
  std::string valid;
  icu::UnicodeString::fromUTF8(text).toUTF8String(valid);
  text = std::move(valid);
}

void make_utf8(ccbus::Status& status) {
  make_utf8(*status.mutable_message());
  for (ccbus::ErrorDetail& detail : *status.mutable_details()) {
    make_utf8(*detail.mutable_message());
  }
}

// Replaces an answer that is too large by an error. The outcome of a Submit is kept.
ccbus::ClientResponse without_results(ccbus::ClientResponse&& response, const Error& why) {
  ccbus::ClientResponse rest;
  rest.set_correlation_id(response.correlation_id());
  rest.set_height(response.height());
  *rest.mutable_status() = make_status(ccbus::RESOURCE_EXHAUSTED, "the answer: " + why.message);
  if (response.has_submit()) {
    *rest.mutable_submit() = std::move(*response.mutable_submit());
    rest.mutable_submit()->clear_result();
    rest.mutable_submit()->clear_event();
    rest.mutable_submit()->clear_conflict();
  }
  return rest;
}

}  // namespace

ccbus::Status make_status(ccbus::StatusCode code, std::string message) {
  ccbus::Status status;
  status.set_code(code);
  status.set_message(std::move(message));
  return status;
}

ccbus::Status make_status(const Error& error) {
  return make_status(code_of(error.code), error.message);
}

ccbus::Status channel_not_found(const std::string& channel) {
  return make_status(ccbus::NOT_FOUND, "channel '" + channel + "' not found");
}

ccbus::Status too_long(const char* what, std::size_t bytes) {
  return make_status(ccbus::INVALID_ARGUMENT, "a " + std::string(what) + " of " +
                                                  std::to_string(bytes) + " bytes is longer than " +
                                                  std::to_string(kWaitingTextMax));
}

ccbus::Status channel_begins_anew(const std::string& channel) {
  return make_status(ccbus::UNAVAILABLE, "channel '" + channel +
                                             "' begins anew: it is being reset or restored; ask "
                                             "again when it is there");
}

ccbus::Status shutting_down() {
  return make_status(ccbus::UNAVAILABLE, kShuttingDown);
}

Replies::Replies(const Places::Limits& limits, ClientOutbox& outbox, Logger& logger,
                 Counters& counters)
    : outbox_(outbox), logger_(logger), counters_(counters), places_(limits) {
  *internal_error_.mutable_status() =
      make_status(ccbus::INTERNAL, "the service failed to answer this request; see its log");
}

std::optional<PendingRequest> Replies::take(ReplyAddress address, Places::Kind kind,
                                            const std::string& chaincode) {
  if (is_closed_) {
    refuse(address, ccbus::UNAVAILABLE, kShuttingDown);
    return std::nullopt;
  }
  auto place = places_.take(address.client, kind, chaincode);
  if (!place) {
    refuse(address, ccbus::RESOURCE_EXHAUSTED, std::move(place.error().message));
    return std::nullopt;
  }
  if (const std::size_t open = places_.taken(); to_end_.capacity() < to_end_.size() + open) {
    to_end_.reserve(2 * (to_end_.size() + open));
  }
  return PendingRequest(*this, requests_.add(address), std::move(*place));
}

std::optional<PendingRequest> Replies::move_to(PendingRequest request, Places::Kind kind,
                                               const std::string& chaincode) {
  auto place = places_.take(request.client(), kind, chaincode);
  if (!place) {
    reply(std::move(request), make_status(place.error()));
    return std::nullopt;
  }
  request.place_ = std::move(*place);
  return request;
}

void Replies::reply(PendingRequest request, ccbus::ClientResponse& response) {
  if (request.has_ended()) return request.forget();
  if (response.height() == 0) response.set_height(request.entry_.height());
  const bool is_look_up = is_of_look_up(response);
  const bool is_exhausted = response.status().code() == ccbus::RESOURCE_EXHAUSTED;
  send(request.entry_.address(), response);
  request.forget();
  counters_.add(Counter::kClientRequests);
  if (is_look_up) counters_.add(Counter::kClientLookUps);
  if (is_exhausted) counters_.add(Counter::kClientRequestsExhausted);
}

void Replies::reply(PendingRequest request, ccbus::Status status) {
  ccbus::ClientResponse response;
  *response.mutable_status() = std::move(status);
  reply(std::move(request), response);
}

void PendingRequest::abandon() noexcept {
  Replies& replies = *std::exchange(replies_, nullptr);
  if (!has_ended()) replies.fail(entry_.address());
}

void Replies::cancel(ReplyAddress cancel, std::uint64_t wanted) {
  auto ended = requests_.end({cancel.client, wanted});
  const bool was_open = ended.has_value();
  if (ended) answer_ended(std::move(*ended), ccbus::CANCELLED);
  ccbus::ClientResponse response;
  response.mutable_cancel()->set_was_open(was_open);
  send(cancel, response);
  counters_.add(Counter::kClientRequests);
}

void Replies::on_timer(Now now) noexcept {
  while (auto ended = requests_.end_expired(now.steady)) {
    answer_ended(std::move(*ended), ccbus::DEADLINE_EXCEEDED);
  }
}

void Replies::answer_ended(OpenRequests::Ended ended, ccbus::StatusCode code) noexcept {
  try {
    const std::string why = code == ccbus::CANCELLED
                                ? "the client has cancelled the request"
                                : "the request was not answered within its timeout of " +
                                      std::to_string(ended.timeout_ms) + " ms";
    ccbus::ClientResponse response;
    *response.mutable_status() = make_status(code, why + consequence_of(ended));
    response.set_height(ended.height);
    if (ended.so_far != nullptr) *response.mutable_submit() = ended.so_far->submit();
    if (ended.effect == OpenRequests::Effect::kNotOrdered && !response.has_submit()) {
      response.mutable_submit()->set_validation_code(protos::NOT_VALIDATED);
    }
    logger_.debug("client.request_ended client={} request={} why={:?}", ended.address.client.value,
                  ended.address.correlation_id, response.status().message());
    send(ended.address, response);
    counters_.add(Counter::kClientRequests);
  } catch (const std::exception&) {
    fail(ended.address);
  }
  if (ended.drop != nullptr) ended.drop();
}

void Replies::fail(ReplyAddress address) noexcept {
  counters_.add(Counter::kClientRequests);
  counters_.add(Counter::kClientRequestsFailed);
  logger_.error("client.request_failed client={} request={}", address.client.value,
                address.correlation_id);
  try {
    send(address, internal_error_);
    return;
  } catch (const std::exception&) {  // Without the connection the client does not wait.
  }
  if (!end(address.client) && to_end_.size() < to_end_.capacity()) {
    to_end_.push_back(address.client);
  }
}

bool Replies::end(PeerId client) noexcept {
  try {
    outbox_.end(client, "a request could not be answered");
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

void Replies::retry_ends() noexcept {
  std::erase_if(to_end_, [this](PeerId client) { return end(client); });
}

void Replies::refuse(ReplyAddress address, ccbus::StatusCode code, std::string message) {
  counters_.add(Counter::kClientRequestsRefused);
  ccbus::ClientResponse response;
  *response.mutable_status() = make_status(code, std::move(message));
  send(address, response);
}

void Replies::send(ReplyAddress address, ccbus::ClientResponse& response) {
  response.set_correlation_id(address.correlation_id);
  if (response.has_status()) make_utf8(*response.mutable_status());
  auto sent = outbox_.send(address.client, response);
  if (!sent && sent.error().code == ErrorCode::kInvalid) {
    counters_.add(Counter::kClientRequestsExhausted);
    sent = outbox_.send(address.client, without_results(std::move(response), sent.error()));
  }
  if (!sent) {
    counters_.add(Counter::kClientAnswersLost);
    logger_.debug("client.answer_lost client={} why={}", address.client.value,
                  sent.error().message);
    // A client that misses an answer would wait for it for ever.
    if (sent.error().code == ErrorCode::kExhausted)
      outbox_.end(address.client, sent.error().message);
  }
}

}  // namespace ccbus::gateway
