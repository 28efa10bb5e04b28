#include "tests/simulation/engine/request_book.h"

#include <algorithm>

#include "service/base/parse_message.h"

namespace ccbus::simulation {
namespace {

using Request = ccbus::ClientRequest;
using Response = ccbus::ClientResponse;

// What answers a request of this kind.
Response::ResponseCase answer_to(Request::RequestCase request) {
  switch (request) {
    case Request::kEvaluate: return Response::kEvaluate;
    case Request::kSubmit:
    case Request::kDefine: return Response::kSubmit;
    case Request::kStatus: return Response::kServiceStatus;
    case Request::kEndorse: return Response::kEndorse;
    case Request::kCommitStatus: return Response::kCommitStatus;
    case Request::kChaincodeEvents: return Response::kChaincodeEvents;
    case Request::kBlockEvents: return Response::kBlockEvents;
    case Request::kLedger: return Response::kLedger;
    case Request::kChannel: return Response::kChannel;
    case Request::kKeys: return Response::kKeys;
    case Request::kCancel: return Response::kCancel;
    case Request::REQUEST_NOT_SET: break;
  }
  return Response::RESPONSE_NOT_SET;
}

bool is_answer_to(const Response& response, Request::RequestCase request) {
  // An error may have nothing beside its status.
  if (response.response_case() == Response::RESPONSE_NOT_SET) return response.has_status();
  return response.response_case() == answer_to(request);
}

}  // namespace

void RequestBook::handed_over(PeerId client, std::string_view frame, std::uint64_t step) {
  ++requests_;
  Client& book = clients_[client];
  ++book.handed_over;
  Request request;
  if (!frame.empty() && request.ParseFromArray(frame.data(), static_cast<int>(frame.size()))) {
    const auto [first, end] = book.open.equal_range(request.correlation_id());
    for (auto at = first; at != end; ++at) at->second.has_twin = true;
    book.open.emplace(request.correlation_id(), Open{request.request_case(), step, first != end});
  } else {
    book.is_only_counted = true;
  }
}

void RequestBook::handed_over_malformed(PeerId client, std::uint64_t) {
  ++requests_;
  ++clients_[client].handed_over;
  clients_[client].is_only_counted = true;
}

void RequestBook::answered(PeerId client, const Response& response) {
  ++answers_;
  Client& book = clients_[client];
  if (++book.answered > book.handed_over) {
    return findings_.add("client " + std::to_string(client.value) +
                         " got more answers than it has sent requests");
  }
  if (book.is_only_counted) return;
  const auto [first, end] = book.open.equal_range(response.correlation_id());
  auto at = std::find_if(
      first, end, [&](const auto& open) { return is_answer_to(response, open.second.kind); });
  if (at == end) {
    at = std::find_if(first, end, [](const auto& open) { return open.second.has_twin; });
  }
  if (at != end) {
    book.open.erase(at);
  } else {
    findings_.add("client " + std::to_string(client.value) +
                  " got an answer to a request that it has not open, with correlation id " +
                  std::to_string(response.correlation_id()) + ": " +
                  response.ShortDebugString().substr(0, 300));
  }
}

void RequestBook::left(PeerId client) {
  clients_[client].has_left = true;
}

void RequestBook::forget_all() {
  clients_.clear();
}

std::string RequestBook::open_requests() const {
  std::string text;
  for (const auto& [client, book] : clients_) {
    if (book.is_only_counted) continue;
    for (const auto& [id, open] : book.open) {
      text += " client " + std::to_string(client.value) + " kind " + std::to_string(open.kind) +
              " step " + std::to_string(open.step) + ";";
    }
  }
  return text;
}

void RequestBook::check_rest() {
  for (const auto& [client, book] : clients_) {
    if (book.has_left) continue;
    if (!book.is_only_counted && !book.open.empty()) {
      const auto& [id, open] = *book.open.begin();
      findings_.add("client " + std::to_string(client.value) + " still waits for the answer to " +
                    std::to_string(open.kind) + " (ClientRequest's field) with correlation id " +
                    std::to_string(id) + ", handed over in step " + std::to_string(open.step));
    } else if (book.answered != book.handed_over) {
      findings_.add("client " + std::to_string(client.value) + " got " +
                    std::to_string(book.answered) + " answers to " +
                    std::to_string(book.handed_over) + " messages");
    }
  }
}

}  // namespace ccbus::simulation
