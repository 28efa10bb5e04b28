#include "tests/simulation/engine/client.h"

#include <utility>

namespace ccbus::simulation {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kRememberedMax = 8;

const protos::Response* result_of(const ccbus::ClientResponse& response) {
  switch (response.response_case()) {
    case ccbus::ClientResponse::kEvaluate: return &response.evaluate().result();
    case ccbus::ClientResponse::kSubmit: return &response.submit().result();
    case ccbus::ClientResponse::kEndorse: return &response.endorse().result();
    default: return nullptr;
  }
}

// Of the invocation that it is; null for another request.
const std::string* chaincode_of(const ccbus::ClientRequest& request) {
  if (request.has_evaluate()) return &request.evaluate().invocation().chaincode_name();
  if (request.has_endorse()) return &request.endorse().invocation().chaincode_name();
  if (!request.submit().has_invocation()) return nullptr;
  return &request.submit().invocation().chaincode_name();
}

}  // namespace

Client::Client(Stage stage, Network& network, std::string name, const Vocabulary& words,
               Habits habits)
    : Actor(stage, network, std::move(name)), words_(words), habits_(habits) {
  wake_in(std::chrono::microseconds(stage_.chance.between(1, 10'000)));
}

void Client::on_wake() {
  if (is_calm() || asked_ >= habits_.requests) return;
  if (!is_linked()) {
    connect();
    open_ = 0;
  }
  if (open_ < habits_.open_max) ask();
  wake_in(habits_.pause + std::chrono::microseconds(stage_.chance.between(1, 500)));
  if (stage_.chance.in_thousand(habits_.leaves)) {
    disconnect();
    on_link_lost();
  }
}

void Client::on_link_lost() {
  tokens_.clear();
  open_ = 0;
  wake_in(std::chrono::microseconds(stage_.chance.between(100, 30'000)));
}

void Client::ask() {
  ++asked_;
  ++open_;
  std::string frame = random_request().SerializeAsString();
  if (stage_.chance.in_thousand(habits_.damages)) frame = damaged(std::move(frame));
  send(std::move(frame));
}

// From then on it cannot tell by an answer's id which of its requests is meant.
std::string Client::damaged(std::string frame) {
  tokens_.clear();
  switch (stage_.chance.below(6)) {
    case 0: return "";
    case 1: return stage_.chance.bytes(stage_.chance.between(1, 60));
    case 2: return frame.substr(0, stage_.chance.below(frame.size() + 1));
    case 3: return frame + std::string(20'000, '\x7f');
    case 4: send_frames(stage_.chance.between(2, 4)); return frame;
    default:
      if (!frame.empty())
        frame[stage_.chance.below(frame.size())] ^= char(1 << stage_.chance.below(8));
      return frame;
  }
}

void Client::fill_invocation(ccbus::Invocation& invocation, const std::string& token) {
  invocation.set_channel_id(stage_.chance.in_thousand(20) ? "nowhere"
                                                          : stage_.chance.one_of(words_.channels));
  invocation.set_chaincode_name(stage_.chance.one_of(words_.chaincodes));
  for (std::string& argument : random_script(stage_.chance, words_, token)) {
    invocation.add_args(std::move(argument));
  }
}

// 0: as long as the service allows.
std::uint32_t Client::random_wait_ms() {
  if (stage_.chance.in_thousand(250)) return 0;
  return static_cast<std::uint32_t>(stage_.chance.between(1, 50));
}

ccbus::ClientRequest Client::random_request() {
  ccbus::ClientRequest request;
  const bool repeats = last_id_ > 0 && stage_.chance.in_thousand(habits_.repeats_ids);
  if (!repeats) ++last_id_;
  request.set_correlation_id(last_id_);
  const std::string token = name() + "." + std::to_string(asked_);
  const std::string& channel = stage_.chance.one_of(words_.channels);
  const std::size_t kind = stage_.chance.below(100);
  if (kind < 30) {
    fill_invocation(*request.mutable_evaluate()->mutable_invocation(), token);
  } else if (kind < 60) {
    auto& submit = *request.mutable_submit();
    fill_invocation(*submit.mutable_invocation(), token);
    if (stage_.chance.in_thousand(300)) submit.set_retries(2);
    if (stage_.chance.in_thousand(100)) submit.set_until(ccbus::SubmitRequest::ORDERED);
  } else if (kind < 68) {
    fill_invocation(*request.mutable_endorse()->mutable_invocation(), token);
  } else if (kind < 76 && !prepared_.empty()) {
    const std::size_t which = stage_.chance.below(prepared_.size());
    *request.mutable_submit()->mutable_prepared_transaction() = prepared_[which];
    if (stage_.chance.in_thousand(700)) prepared_.erase(prepared_.begin() + std::ptrdiff_t(which));
  } else if (kind < 83) {
    auto& status = *request.mutable_commit_status();
    const bool is_known = !transactions_.empty() && stage_.chance.in_thousand(800);
    const TxKey key =
        is_known ? stage_.chance.one_of(transactions_) : TxKey{{channel}, {"unknown"}};
    status.set_channel_id(key.channel.value);
    status.set_transaction_id(key.tx.value);
    status.set_wait_ms(random_wait_ms());
  } else if (kind < 88) {
    auto& events = *request.mutable_chaincode_events();
    events.set_channel_id(channel);
    if (stage_.chance.in_thousand(700)) {
      events.mutable_from()->set_block_number(stage_.chance.below(20));
    }
    events.set_wait_ms(random_wait_ms());
  } else if (kind < 92) {
    auto& events = *request.mutable_block_events();
    events.set_channel_id(channel);
    if (stage_.chance.in_thousand(700)) events.set_block_number(stage_.chance.below(20));
    events.set_filtered(stage_.chance.in_thousand(500));
    events.set_wait_ms(random_wait_ms());
  } else if (kind < 95) {
    auto& ledger = *request.mutable_ledger();
    ledger.set_channel_id(channel);
    if (stage_.chance.in_thousand(500)) {
      ledger.mutable_chain_info();
    } else {
      ledger.mutable_block_by_number()->set_number(stage_.chance.below(12));
    }
  } else if (kind < 97) {
    auto& define = *request.mutable_define();
    define.set_channel_id(channel);
    define.mutable_definition()->set_name(stage_.chance.one_of(words_.chaincodes));
    define.mutable_definition()->set_version("1." + std::to_string(asked_));
    define.mutable_definition()->add_collections()->set_name("secret");
  } else if (kind < 98) {
    request.mutable_channel()->set_channel_id("another");
    request.mutable_channel()->mutable_create();
  } else {
    request.mutable_status();
  }
  const std::string* chaincode = chaincode_of(request);
  if (chaincode != nullptr && *chaincode != kHostileName && !repeats) tokens_[last_id_] = token;
  if (repeats) tokens_.erase(last_id_);
  return request;
}

void Client::on_frame(const std::string& frame) {
  read_not_before(stage_.now.steady + habits_.read_pause);
  ccbus::ClientResponse response;
  if (!response.ParseFromString(frame)) {
    return stage_.findings.add("a client got an answer that cannot be decoded");
  }
  ++answered_;
  if (open_ > 0) --open_;
  check_token(response);
  if (response.has_endorse() && response.endorse().has_prepared_transaction()) {
    prepared_.push_back(std::move(*response.mutable_endorse()->mutable_prepared_transaction()));
    if (prepared_.size() > kRememberedMax) prepared_.erase(prepared_.begin());
  }
  if (response.has_submit() && !response.submit().transaction_id().empty()) {
    transactions_.push_back(
        {{stage_.chance.one_of(words_.channels)}, {response.submit().transaction_id()}});
    if (transactions_.size() > kRememberedMax) transactions_.erase(transactions_.begin());
  }
}

// A chaincode completes with the token of its invocation: no answer goes to another request.
void Client::check_token(const ccbus::ClientResponse& response) {
  const auto token = tokens_.extract(response.correlation_id());
  const protos::Response* result = result_of(response);
  if (token.empty() || result == nullptr || result->status() != 200) return;
  if (result->payload() == token.mapped()) return;
  stage_.findings.add("client " + name() + " got the result '" + result->payload().substr(0, 40) +
                      "' for its invocation " + token.mapped());
}

}  // namespace ccbus::simulation
