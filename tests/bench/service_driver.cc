#include "tests/bench/service_driver.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <stdexcept>
#include <utility>

namespace ccbus::bench {
namespace {

using namespace std::chrono_literals;
using Message = protos::ChaincodeMessage;

constexpr std::size_t kWritesPerBatch = 1'000;
constexpr std::size_t kWritesPerTransaction = 20'000;  // Far below the bytes of one transaction.

client::Invocation invocation(const std::string& chaincode, const std::string& function) {
  return {.channel_id = "mychannel", .chaincode_name = chaincode, .args = {function}};
}

std::vector<std::string> settings_of(const ServiceDriver::Options& options) {
  std::vector<std::string> settings = {"chaincode.executetimeout=10m", "chaincode.keepalive=0"};
  settings.insert(settings.end(), options.settings.begin(), options.settings.end());
  return settings;
}

client::Reply must_succeed(std::optional<client::Reply> reply) {
  if (!reply) throw std::runtime_error("the service did not answer a client in time");
  if (!reply->error.ok()) throw std::runtime_error("a client heard: " + reply->error.message);
  return std::move(*reply);
}

}  // namespace

std::string ServiceDriver::key_of(std::size_t number) {
  return "key" + std::to_string(100'000'000 + number);
}

std::string ServiceDriver::value_of(std::size_t number) {
  std::string value = "value of " + key_of(number) + " ";
  value.resize(kValueBytes, '.');
  return value;
}

std::string ServiceDriver::write_batch(std::size_t first, std::size_t end) {
  protos::WriteBatchState batch;
  for (std::size_t number = first; number < end; ++number) {
    protos::WriteRecord& record = *batch.add_rec();
    record.set_type(protos::WriteRecord::PUT_STATE);
    record.set_key(key_of(number));
    record.set_value(value_of(number));
  }
  return batch.SerializeAsString();
}

ServiceDriver::ServiceDriver(const Options& options)
    : service_(settings_of(options), options.launcher),
      client_({.endpoint = service_.client_endpoint(), .keys = options.keys}),
      connections_(make_connections(context_, service_.chaincode_endpoint(), options.sockets,
                                    options.keys)) {
  add_chaincode();
  static_cast<void>(must_succeed(client_.status(10s)));  // Waits for the connection.
}

void ServiceDriver::store(std::size_t keys) {
  for (std::size_t first = 0; first < keys; first += kWritesPerTransaction) {
    store(first, std::min(keys, first + kWritesPerTransaction));
  }
}

void ServiceDriver::store(std::size_t first, std::size_t end) {
  static_cast<void>(client_.send_submit(invocation(kName, "store")));
  const Message transaction = chaincode().expect(Message::TRANSACTION);
  for (std::size_t at = first; at < end; at += kWritesPerBatch) {
    chaincode().send(in_transaction(transaction, Message::WRITE_BATCH_STATE,
                                    write_batch(at, std::min(end, at + kWritesPerBatch))));
    static_cast<void>(chaincode().expect(Message::RESPONSE));
    ++requests_of_store_;
  }
  chaincode().send(completed(transaction, ""));
  static_cast<void>(
      must_succeed(client_.receive(60s)));  // Writing megabytes to a busy disk takes long.
}

Message ServiceDriver::begin(std::size_t chaincode) {
  static_cast<void>(client_.send_evaluate(invocation(kName, "run")));
  return chaincodes_[chaincode].expect(Message::TRANSACTION);
}

void ServiceDriver::end(const Message& transaction, std::size_t chaincode) {
  chaincodes_[chaincode].send(completed(transaction, "done"));
  const client::Reply reply = must_succeed(client_.receive(10s));
  if (reply.response.evaluate().result().payload() != "done") {
    throw std::runtime_error("a client did not hear what the chaincode said");
  }
}

void ServiceDriver::finish(std::uint64_t requests) {
  const client::Reply status = must_succeed(client_.status(10s));
  const auto& counters = status.response.service_status().counters();
  if (counters.at("chaincode_shim_requests_completed") != requests_of_store_ + requests ||
      counters.at("chaincode_shim_requests_failed") != 0) {
    throw std::runtime_error("the service has not served what it was asked");
  }
}

}  // namespace ccbus::bench
