#include "tests/bench/invoke_driver.h"

#include <stdexcept>

#include "tests/bench/processor_time.h"

namespace ccbus::bench {
namespace {

using namespace std::chrono_literals;

constexpr const char* kName = "bench";

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

}  // namespace

InvokeDriver::InvokeDriver(const std::vector<std::string>& launcher)
    : service_(
          {"ledger.directory=" + (directory_.path() / "ledger").string(), "chaincode.keepalive=0"},
          launcher),
      chaincode_({BENCH_CHAINCODE_BINARY, service_.chaincode_endpoint(), kName}),
      client_({.endpoint = service_.client_endpoint()}) {
  static_cast<void>(chaincode_.read_line(10s));
  check(client_.status(10s));
}

Measurement InvokeDriver::submit(std::size_t in_flight, std::size_t count) {
  std::unordered_map<std::uint64_t, Clock::time_point> open;
  Measurement measured;
  const auto cpu_before = processor_time_of(service());
  const auto start = Clock::now();
  std::size_t sent = 0;
  for (; sent < in_flight && sent < count; ++sent) submit_one(open);
  while (measured.count() < count) {
    measured.add(receive_one(open));
    if (sent == count) continue;
    submit_one(open);
    ++sent;
  }
  measured.add_elapsed(Clock::now() - start);
  measured.add_cpu(processor_time_of(service()) - cpu_before);
  last_keys_.push_back("key" + std::to_string(submitted_));
  return measured;
}

void InvokeDriver::submit_one(std::unordered_map<std::uint64_t, Clock::time_point>& open) {
  const std::string key = "key" + std::to_string(++submitted_);
  const client::Sent sent = client_.send_submit(invocation({"put", key, value_of(key)}));
  if (!sent.ok()) throw std::runtime_error("cannot submit: " + sent.error.message);
  open.emplace(sent.correlation_id, Clock::now());
}

Clock::duration InvokeDriver::receive_one(
    std::unordered_map<std::uint64_t, Clock::time_point>& open) {
  const auto reply = client_.receive(30s);
  if (!reply) throw std::runtime_error("no answer came in time");
  check(*reply);
  if (reply->response.submit().validation_code() != protos::VALID) {
    throw std::runtime_error("a transaction is not valid");
  }
  const auto at = open.find(reply->correlation_id);
  if (at == open.end()) throw std::runtime_error("an answer to nothing that was asked");
  const Clock::duration took = Clock::now() - at->second;
  open.erase(at);
  return took;
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
  if (counters.at("ledger_transactions_valid") != submitted_ ||
      counters.at("ledger_transactions_invalid") != 0) {
    throw std::runtime_error("the ledger does not hold what was submitted");
  }
  if (service_.stop() != 0) throw std::runtime_error("ccbusd failed");
}

}  // namespace ccbus::bench
