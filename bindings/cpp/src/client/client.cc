#include "ccbus/client/client.h"

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
  return message;
}

}  // namespace

Client::Client(Options options) : requests_(std::make_unique<Requests>(std::move(options))) {}

Client::~Client() = default;

Sent Client::send_submit(const Invocation& invocation) {
  ClientRequest request;
  *request.mutable_submit()->mutable_invocation() = encoded(invocation);
  return requests_->send(std::move(request));
}

Sent Client::send_evaluate(const Invocation& invocation) {
  ClientRequest request;
  *request.mutable_evaluate()->mutable_invocation() = encoded(invocation);
  return requests_->send(std::move(request));
}

Sent Client::send_status() {
  ClientRequest request;
  request.mutable_status();
  return requests_->send(std::move(request));
}

Sent Client::send_define(const DefineRequest& definition) {
  ClientRequest request;
  *request.mutable_define() = definition;
  return requests_->send(std::move(request));
}

std::optional<Reply> Client::receive(std::chrono::milliseconds timeout) {
  return requests_->receive(Clock::now() + timeout);
}

Reply Client::submit(const Invocation& invocation, std::chrono::milliseconds timeout) {
  return wait_for(send_submit(invocation), timeout);
}

Reply Client::evaluate(const Invocation& invocation, std::chrono::milliseconds timeout) {
  return wait_for(send_evaluate(invocation), timeout);
}

Reply Client::status(std::chrono::milliseconds timeout) {
  return wait_for(send_status(), timeout);
}

Reply Client::define(const DefineRequest& definition, std::chrono::milliseconds timeout) {
  return wait_for(send_define(definition), timeout);
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
