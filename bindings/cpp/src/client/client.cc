#include "ccbus/client/client.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "bindings/cpp/src/client/requests.h"

namespace ccbus::client {
namespace {

using Clock = std::chrono::steady_clock;

ccbus::Invocation encoded(const Invocation& invocation) {
  ccbus::Invocation message;
  message.set_channel_id(invocation.channel_id);
  message.set_chaincode_name(invocation.chaincode_name);
  for (const std::string& arg : invocation.args) message.add_args(arg);
  for (const auto& [key, value] : invocation.transient) (*message.mutable_transient())[key] = value;
  message.set_is_init(invocation.is_init);
  message.set_nonce(invocation.nonce);
  return message;
}

ClientRequest submit_of(const Invocation& invocation, const SubmitOptions& options) {
  ClientRequest request;
  *request.mutable_submit()->mutable_invocation() = encoded(invocation);
  request.mutable_submit()->set_retries(options.retries);
  request.mutable_submit()->set_until(options.until);
  for (const std::string& msp_id : options.endorsing_organizations) {
    request.mutable_submit()->add_endorsing_organizations(msp_id);
  }
  return request;
}

ClientRequest evaluate_of(const Invocation& invocation) {
  ClientRequest request;
  *request.mutable_evaluate()->mutable_invocation() = encoded(invocation);
  return request;
}

ClientRequest status_request() {
  ClientRequest request;
  request.mutable_status();
  return request;
}

ClientRequest define_of(const DefineRequest& definition) {
  ClientRequest request;
  *request.mutable_define() = definition;
  return request;
}

// Added to a timeout that the service observes too, so that its answer arrives in time.
constexpr std::chrono::milliseconds kAnswerGrace{2'000};

std::uint32_t wait_ms(std::chrono::milliseconds timeout) {
  constexpr std::chrono::milliseconds kMax{std::numeric_limits<std::uint32_t>::max()};
  return static_cast<std::uint32_t>(
      std::clamp(timeout, std::chrono::milliseconds(1), kMax).count());
}

}  // namespace

Client::Client(Options options) : requests_(std::make_unique<Requests>(std::move(options))) {}

Client::~Client() = default;

Sent Client::send_submit(const Invocation& invocation, const SubmitOptions& options) {
  return requests_->send(submit_of(invocation, options));
}

Sent Client::send_evaluate(const Invocation& invocation) {
  return requests_->send(evaluate_of(invocation));
}

Sent Client::send_status() {
  return requests_->send(status_request());
}

Sent Client::send_define(const DefineRequest& definition) {
  return requests_->send(define_of(definition));
}

Sent Client::send(ClientRequest request) {
  return requests_->send(std::move(request));
}

void Client::cancel(std::uint64_t correlation_id) {
  requests_->cancel(correlation_id);
}

std::optional<Reply> Client::receive(std::chrono::milliseconds timeout) {
  return requests_->receive(Clock::now() + timeout);
}

void Client::idle(std::chrono::milliseconds duration) {
  requests_->idle(Clock::now() + duration);
}

Reply Client::submit(const Invocation& invocation, std::chrono::milliseconds timeout,
                     const SubmitOptions& options) {
  return call(submit_of(invocation, options), timeout);
}

Reply Client::evaluate(const Invocation& invocation, std::chrono::milliseconds timeout) {
  return call(evaluate_of(invocation), timeout);
}

Reply Client::status(std::chrono::milliseconds timeout) {
  return call(status_request(), timeout);
}

Reply Client::define(const DefineRequest& definition, std::chrono::milliseconds timeout) {
  return call(define_of(definition), timeout);
}

Reply Client::call(ClientRequest request, std::chrono::milliseconds timeout) {
  if (request.timeout_ms() == 0) request.set_timeout_ms(wait_ms(timeout));
  return wait_for(send(std::move(request)), timeout);
}

Reply Client::endorse(const Invocation& invocation, std::chrono::milliseconds timeout) {
  ClientRequest request;
  *request.mutable_endorse()->mutable_invocation() = encoded(invocation);
  return call(std::move(request), timeout);
}

Reply Client::submit_prepared(const common::Envelope& prepared_transaction,
                              std::chrono::milliseconds timeout, SubmitRequest::Until until) {
  ClientRequest request;
  *request.mutable_submit()->mutable_prepared_transaction() = prepared_transaction;
  request.mutable_submit()->set_until(until);
  return call(std::move(request), timeout);
}

Reply Client::commit_status(const std::string& channel_id, const std::string& transaction_id,
                            std::chrono::milliseconds timeout) {
  CommitStatusRequest question;
  question.set_channel_id(channel_id);
  question.set_transaction_id(transaction_id);
  return commit_status(std::move(question), timeout);
}

Reply Client::commit_status(CommitStatusRequest question, std::chrono::milliseconds timeout) {
  ClientRequest request;
  *request.mutable_commit_status() = std::move(question);
  request.mutable_commit_status()->set_wait_ms(wait_ms(timeout));
  // The service's own error about the deadline is more specific than ours.
  return call(std::move(request), timeout + kAnswerGrace);
}

std::size_t Client::open_requests() const {
  return requests_->open();
}

Reply Client::wait_for(const Sent& sent, std::chrono::milliseconds timeout) {
  Reply reply;
  reply.correlation_id = sent.correlation_id;
  reply.error = sent.error;
  if (!sent.ok()) return reply;
  if (auto received = requests_->receive(sent.correlation_id, Clock::now() + timeout))
    return *std::move(received);
  requests_->abandon(sent.correlation_id);
  reply.error = {DEADLINE_EXCEEDED,
                 "no answer from " + requests_->options().endpoint + " within " +
                     std::to_string(timeout.count()) + " ms; whether the request was carried out " +
                     "is unknown",
                 Origin::kClient};
  return reply;
}

}  // namespace ccbus::client
