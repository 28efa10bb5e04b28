#include "tests/bench/invoke_driver.h"

#include <stdexcept>
#include <utility>

#include "tests/bench/processor_time.h"

namespace ccbus::bench {
namespace {

using namespace std::chrono_literals;

constexpr const char* kName = "bench";
constexpr const char* kMspId = "Org1MSP";

std::string value_of(const std::string& key) {
  std::string value = "value of " + key + " ";
  value.resize(InvokeDriver::kValueBytes, '.');
  return value;
}

client::Invocation invocation(std::vector<std::string> args) {
  return {.channel_id = "mychannel", .chaincode_name = kName, .args = std::move(args)};
}

void check(const client::Reply& reply) {
  if (!reply.error.ok()) throw std::runtime_error("the service said: " + reply.error.message);
}

std::uint64_t checked(const client::Sent& sent) {
  if (!sent.ok()) throw std::runtime_error("cannot send: " + sent.error.message);
  return sent.correlation_id;
}

}  // namespace

InvokeDriver::InvokeDriver(const std::vector<std::string>& launcher, Signatures signatures)
    : service_(
          {"ledger.directory=" + (directory_.path() / "ledger").string(), "chaincode.keepalive=0"},
          launcher),
      chaincode_({BENCH_CHAINCODE_BINARY, service_.chaincode_endpoint(), kName}),
      client_({.endpoint = service_.client_endpoint()}) {
  static_cast<void>(chaincode_.read_line(10s));
  check(client_.status(10s));
  if (signatures == Signatures::kOfClient) configure();
}

void InvokeDriver::configure() {
  ccbus::ClientRequest request;
  request.mutable_channel()->set_channel_id("mychannel");
  request.mutable_channel()->mutable_configure()->add_development_organizations(kMspId);
  check(client_.call(std::move(request), 10s));
  ++valid_;
  signer_ = client::Identity::from_msp_folder(
      directory() / "ledger" / "identity" / "organizations" / kMspId / "client", kMspId);
}

std::uint64_t InvokeDriver::send(const std::string& key) {
  const client::Invocation put = invocation({"put", key, value_of(key)});
  if (!signer_) return checked(client_.send_submit(put));
  const client::SignedStep proposal = client::make_proposal(put, *signer_);
  ccbus::ClientRequest request;
  *request.mutable_endorse()->mutable_proposed_transaction() =
      client::with_signature(proposal, signer_->sign(proposal.bytes));
  return checked(client_.send(std::move(request)));
}

// The next outcome of a transaction: what has been endorsed is signed and submitted.
client::Reply InvokeDriver::next_reply() {
  for (;;) {
    auto reply = client_.receive(30s);
    if (!reply) throw std::runtime_error("no answer came in time");
    if (!reply->response.has_endorse()) {
      const auto endorse = endorses_.extract(reply->correlation_id);
      if (!endorse.empty()) reply->correlation_id = endorse.mapped();
      return std::move(*reply);
    }
    check(*reply);
    const ccbus::EndorseResponse& endorsed = reply->response.endorse();
    const client::SignedStep transaction = client::transaction_of(endorsed);
    ccbus::ClientRequest request;
    *request.mutable_submit()->mutable_prepared_transaction() =
        client::with_signature(transaction, signer_->sign(transaction.bytes), endorsed);
    endorses_.emplace(checked(client_.send(std::move(request))), reply->correlation_id);
  }
}

InvokeDriver::Answer InvokeDriver::receive() {
  const client::Reply reply = next_reply();
  if (reply.response.submit().validation_code() == protos::MVCC_READ_CONFLICT) {
    ++conflicts_;
    return {reply.correlation_id, false};
  }
  check(reply);
  ++valid_;
  return {reply.correlation_id, true};
}

Measurement InvokeDriver::submit(std::size_t in_flight, std::size_t count) {
  std::unordered_map<std::uint64_t, Clock::time_point> open;  // By correlation id.
  const auto send_next = [&] {
    last_keys_.back() = "key" + std::to_string(++new_keys_);
    open.emplace(send(last_keys_.back()), Clock::now());
  };
  last_keys_.emplace_back();
  Measurement measured;
  const auto cpu_before = processor_time_of(service());
  const auto start = Clock::now();
  std::size_t sent = 0;
  for (; sent < in_flight && sent < count; ++sent) send_next();
  while (measured.count() < count) {
    const Answer answer = receive();
    const auto at = open.find(answer.correlation_id);
    if (at == open.end()) throw std::runtime_error("an answer to nothing that was asked");
    if (!answer.is_valid) throw std::runtime_error("a new key was in conflict");
    measured.add(Clock::now() - at->second);
    open.erase(at);
    if (sent == count) continue;
    send_next();
    ++sent;
  }
  measured.add_elapsed(Clock::now() - start);
  measured.add_cpu(processor_time_of(service()) - cpu_before);
  return measured;
}

void InvokeDriver::finish() {
  for (const std::string& key : last_keys_) {
    const client::Reply reply = client_.evaluate(invocation({"get", key}), 10s);
    check(reply);
    if (reply.response.evaluate().result().payload() != value_of(key)) {
      throw std::runtime_error(key + " does not read as it was written");
    }
  }
  const client::Reply status = client_.status(10s);
  check(status);
  const auto& counters = status.response.service_status().counters();
  if (counters.at("ledger_transactions_valid") != valid_ ||
      counters.at("ledger_transactions_invalid") != conflicts_) {
    throw std::runtime_error("the ledger does not hold what was answered");
  }
  if (service_.stop() != 0) throw std::runtime_error("ccbusd failed");
}

}  // namespace ccbus::bench
