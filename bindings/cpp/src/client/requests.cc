#include "bindings/cpp/src/client/requests.h"

#include <algorithm>
#include <random>
#include <stdexcept>
#include <utility>

#include "bindings/cpp/src/transport/utf8.h"

namespace ccbus::client {
namespace {

using transport::Dealer;

constexpr std::chrono::milliseconds kReconnectDelayMin{50};
constexpr std::chrono::milliseconds kReconnectDelayMax{2'000};
constexpr std::chrono::milliseconds kAttemptTimeout{3'000};

// How often the link is looked at without news of it. A client that does not wait gets no news.
constexpr std::chrono::milliseconds kLinkChecks{1};

Sent refused(StatusCode code, std::string message) {
  return {0, {code, std::move(message), Origin::kClient}};
}

bool is_encodable(const ccbus::Invocation& invocation) {
  return transport::is_utf8(invocation.channel_id()) &&
         transport::is_utf8(invocation.chaincode_name()) &&
         std::all_of(invocation.transient().begin(), invocation.transient().end(),
                     [](const auto& entry) { return transport::is_utf8(entry.first); });
}

// The same for any message; has to go through all of its fields. It recurses as deep as
// ClientRequest nests; tests/client_request_test.cc has the number.
bool is_encodable(const google::protobuf::Message& message) {
  const auto& reflection = *message.GetReflection();
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const auto* field : fields) {
    const int count = field->is_repeated() ? reflection.FieldSize(message, field) : 1;
    for (int i = 0; i < count; ++i) {
      if (field->type() == field->TYPE_STRING) {
        if (!transport::is_utf8(field->is_repeated()
                                    ? reflection.GetRepeatedString(message, field, i)
                                    : reflection.GetString(message, field)))
          return false;
      } else if (field->type() == field->TYPE_MESSAGE) {
        if (!is_encodable(field->is_repeated() ? reflection.GetRepeatedMessage(message, field, i)
                                               : reflection.GetMessage(message, field)))
          return false;
      }
    }
  }
  return true;
}

// Returns false for a request that the service could not decode because of a name that is not
// UTF-8; the service could not even say which request it was.
bool is_encodable(const ClientRequest& request) {
  if (request.has_evaluate()) return is_encodable(request.evaluate().invocation());
  if (request.has_submit() && request.submit().has_invocation())
    return is_encodable(request.submit().invocation());
  return is_encodable(static_cast<const google::protobuf::Message&>(request));
}

bool is_change(ClientRequest::RequestCase kind) {
  return kind == ClientRequest::kSubmit || kind == ClientRequest::kDefine ||
         kind == ClientRequest::kChannel;
}

Options checked(Options options) {
  options.endpoint = transport::parse_endpoint(options.endpoint);
  if (options.requests_open_max == 0)
    throw std::invalid_argument("requests_open_max must be at least 1");
  return options;
}

}  // namespace

Requests::Requests(Options options)
    : options_(checked(std::move(options))),
      backoff_(kReconnectDelayMin, kReconnectDelayMax, std::random_device{}()) {}

Sent Requests::send(ClientRequest request) {
  const auto now = Clock::now();
  if (!link_up_ || !unsent_.empty() || now - link_checked_ >= kLinkChecks) make_progress();
  if (open_.size() >= options_.requests_open_max && !request.has_cancel())
    return refused(RESOURCE_EXHAUSTED, std::to_string(open_.size()) +
                                           " requests are open, the limit: receive replies first");
  if (!is_encodable(request))
    return refused(INVALID_ARGUMENT, "a name in the request is not UTF-8; only values are bytes");
  const Heights::Asked asked = options_.reads_own_writes ? heights_.ask(request) : Heights::Asked{};
  const std::uint64_t id = last_correlation_id_ + 1;
  request.set_correlation_id(id);
  const std::size_t bytes = request.ByteSizeLong();
  if (bytes > options_.request_bytes_max)
    return refused(INVALID_ARGUMENT, "the request has " + std::to_string(bytes) +
                                         " bytes, above the limit of " +
                                         std::to_string(options_.request_bytes_max));
  zmq::message_t frame(bytes);
  request.SerializeWithCachedSizesToArray(frame.data<std::uint8_t>());

  const bool at_once = link_up_ && unsent_.empty();
  if (at_once && !dealer_->send(frame))
    return refused(RESOURCE_EXHAUSTED, "the connection's pipe is full: receive replies first");
  last_correlation_id_ = id;
  open_.emplace(id, Open{request.request_case(), at_once, now + options_.connect_timeout, asked});
  if (!at_once) unsent_.push_back({id, std::move(frame)});
  return {id, {}};
}

std::optional<Reply> Requests::receive(Clock::time_point deadline) {
  if (completed_.empty()) make_progress();
  while (completed_.empty()) {
    if (Clock::now() >= deadline) return std::nullopt;
    wait_until(deadline);
    make_progress();
  }
  Reply reply = std::move(completed_.front());
  completed_.pop_front();
  return reply;
}

std::optional<Reply> Requests::receive(std::uint64_t correlation_id, Clock::time_point deadline) {
  while (true) {
    make_progress();
    const auto found = std::find_if(
        completed_.begin(), completed_.end(),
        [correlation_id](const Reply& reply) { return reply.correlation_id == correlation_id; });
    if (found != completed_.end()) {
      Reply reply = std::move(*found);
      completed_.erase(found);
      return reply;
    }
    if (Clock::now() >= deadline) return std::nullopt;
    wait_until(deadline);
  }
}

void Requests::idle(Clock::time_point deadline) {
  make_progress();
  while (Clock::now() < deadline) {
    wait_until(deadline);
    make_progress();
  }
}

void Requests::cancel(std::uint64_t correlation_id) {
  const auto open = open_.find(correlation_id);
  if (open == open_.end()) return;
  if (!open->second.sent) {
    abandon(correlation_id);
    Reply reply;
    reply.correlation_id = correlation_id;
    reply.error = {CANCELLED, "the request was cancelled; nothing was sent", Origin::kClient};
    completed_.push_back(std::move(reply));
    return;
  }
  ClientRequest request;
  request.mutable_cancel()->set_correlation_id(correlation_id);
  const Sent sent = send(std::move(request));
  if (sent.ok()) open_.at(sent.correlation_id).is_awaited = false;
}

void Requests::abandon(std::uint64_t correlation_id) {
  open_.erase(correlation_id);
  std::erase_if(unsent_, [correlation_id](const Unsent& unsent) {
    return unsent.correlation_id == correlation_id;
  });
}

void Requests::make_progress() {
  const auto now = Clock::now();
  connect_if_due(now);
  // The link before the messages, so that those from before a loss are still received.
  const bool is_lost = link_is_lost(now);
  if (!is_lost) send_unsent();
  if (dealer_ && (!receive_all() || is_lost)) on_lost();
  expire_unsent(now);
}

void Requests::connect_if_due(Clock::time_point now) {
  if (dealer_ && !link_up_ && now >= attempt_deadline_) on_lost();
  if (dealer_ || now < next_attempt_) return;
  attempt_deadline_ = now + kAttemptTimeout;
  try {
    dealer_.emplace(context_, options_.endpoint, options_.keys, ++attempts_);
  } catch (const zmq::error_t&) {
    on_lost();
  }
}

bool Requests::link_is_lost(Clock::time_point now) {
  if (!dealer_) return false;
  if (link_up_ && !link_news_ && now - link_checked_ < kLinkChecks) return false;
  link_news_ = false;
  link_checked_ = now;
  const Dealer::Link link = dealer_->link();
  if (link == Dealer::Link::kUp && !link_up_) {
    link_up_ = true;
    backoff_.reset();
  }
  return link == Dealer::Link::kLost;
}

void Requests::on_lost() {
  refusal_ = dealer_ ? dealer_->refusal() : curve::Refusal::kNone;
  dealer_.reset();
  link_up_ = false;
  next_attempt_ = Clock::now() + backoff_.next();
  std::vector<std::uint64_t> lost;
  for (const auto& [id, request] : open_) {
    if (request.sent) lost.push_back(id);
  }
  std::sort(lost.begin(), lost.end());
  for (const std::uint64_t id : lost) {
    complete(id, UNAVAILABLE,
             "connection to " + options_.endpoint + " lost" +
                 (is_change(open_.at(id).kind)
                      ? "; the outcome of transaction request " + std::to_string(id) + " is unknown"
                      : " before the answer"));
  }
  // A service that is just stopping hangs up, too: whether its key is another one shows in time.
  if (refusal_ != curve::Refusal::kServerKey) refuse_unsent();
}

// With a key that is not accepted there is nothing to wait for.
void Requests::refuse_unsent() {
  const std::string_view why = curve::describe(refusal_);
  while (!why.empty() && !unsent_.empty()) {
    const std::uint64_t id = unsent_.front().correlation_id;
    unsent_.pop_front();
    complete(id, UNAUTHENTICATED,
             options_.endpoint + ": " + std::string(why) + "; nothing was sent");
  }
}

void Requests::send_unsent() {
  while (link_up_ && !unsent_.empty() && dealer_->send(unsent_.front().frame)) {
    open_.at(unsent_.front().correlation_id).sent = true;
    unsent_.pop_front();
  }
}

void Requests::expire_unsent(Clock::time_point now) {
  if (link_up_) return;
  while (!unsent_.empty() && open_.at(unsent_.front().correlation_id).connect_deadline <= now) {
    if (refusal_ != curve::Refusal::kNone) return refuse_unsent();
    const std::uint64_t id = unsent_.front().correlation_id;
    unsent_.pop_front();
    complete(id, UNAVAILABLE,
             "cannot reach " + options_.endpoint + " within " +
                 std::to_string(options_.connect_timeout.count()) + " ms; nothing was sent");
  }
}

bool Requests::receive_all() {
  zmq::message_t frame;
  while (true) {
    switch (dealer_->receive(frame)) {
      case Dealer::Received::kNothing: return true;
      case Dealer::Received::kSeveralFrames: return false;
      case Dealer::Received::kMessage:
        if (!on_frame(frame)) return false;
    }
  }
}

bool Requests::on_frame(const zmq::message_t& frame) {
  Reply reply;
  if (!reply.response.ParseFromArray(frame.data(), static_cast<int>(frame.size()))) return false;
  reply.correlation_id = reply.response.correlation_id();
  // The id 0 reports a request that the service could not decode; any other unknown id belongs to
  // an abandoned request.
  const auto open = open_.find(reply.correlation_id);
  if (open == open_.end() && reply.correlation_id != 0) return true;
  if (open != open_.end()) {
    heights_.learn(open->second.asked, reply.response);
    const bool is_awaited = open->second.is_awaited;
    open_.erase(open);
    if (!is_awaited) return true;
  }
  // Its key may not be here any more: it is about to be cut.
  if (reply.correlation_id == 0 && reply.response.status().code() == UNAUTHENTICATED) return false;
  reply.error.code = reply.response.status().code();
  reply.error.message = reply.response.status().message();
  completed_.push_back(std::move(reply));
  return true;
}

void Requests::complete(std::uint64_t correlation_id, StatusCode code, std::string message) {
  const auto open = open_.extract(correlation_id);
  if (!open.empty() && !open.mapped().is_awaited) return;
  Reply reply;
  reply.correlation_id = correlation_id;
  reply.error = {code, std::move(message), Origin::kConnection};
  completed_.push_back(std::move(reply));
}

void Requests::wait_until(Clock::time_point deadline) {
  if (!link_up_ && !unsent_.empty())
    deadline = std::min(deadline, open_.at(unsent_.front().correlation_id).connect_deadline);
  if (!link_up_) deadline = std::min(deadline, dealer_ ? attempt_deadline_ : next_attempt_);
  const auto timeout = transport::poll_timeout(deadline - Clock::now());
  if (dealer_) {
    const auto wish = link_up_ && !unsent_.empty() ? Dealer::Wish::kSend : Dealer::Wish::kReceive;
    link_news_ |= dealer_->wait(wish, -1, timeout).of_link;
  } else {
    static_cast<void>(transport::wait_readable(-1, timeout));
  }
}

}  // namespace ccbus::client
