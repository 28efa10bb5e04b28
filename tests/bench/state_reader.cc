#include "tests/bench/state_reader.h"

#include <chrono>
#include <stdexcept>
#include <utility>

namespace ccbus::bench {
namespace {

using namespace std::chrono_literals;
using Message = protos::ChaincodeMessage;

constexpr const char* kName = "bench";

client::Invocation invocation(const std::string& function) {
  return {.channel_id = "mychannel", .chaincode_name = kName, .args = {function}};
}

client::Reply must_succeed(std::optional<client::Reply> reply) {
  if (!reply) throw std::runtime_error("the service did not answer a client in time");
  if (!reply->error.ok()) throw std::runtime_error("a client heard: " + reply->error.message);
  return std::move(*reply);
}

std::string key_of(std::size_t number) {
  return "key" + std::to_string(100'000'000 + number);  // All of one length.
}

std::string value_of(std::size_t number) {
  std::string value = "value of " + key_of(number) + " ";
  value.resize(StateReader::kValueBytes, '.');
  return value;
}

}  // namespace

StateReader::StateReader(std::size_t keys, std::size_t lanes)
    : service_({"chaincode.executetimeout=10m", "chaincode.keepalive=0"}),
      client_({.endpoint = service_.client_endpoint()}),
      chaincode_(context_, service_.chaincode_endpoint(), kName) {
  store(keys);
  for (std::size_t lane = 0; lane < lanes; ++lane) open_lane(lane, lanes, keys);
  sample_ = {
      in_transaction(transactions_.front(), Message::GET_STATE, get_state(key_of(0)))
          .SerializeAsString(),
      in_transaction(transactions_.front(), Message::RESPONSE, value_of(0)).SerializeAsString()};
}

void StateReader::store(std::size_t keys) {
  static_cast<void>(must_succeed(client_.status(10s)));  // Connected from here on.
  static_cast<void>(client_.send_submit(invocation("store")));
  const Message transaction = chaincode_.expect(Message::TRANSACTION);
  for (std::size_t number = 0; number < keys; ++number) {
    chaincode_.send(in_transaction(transaction, Message::PUT_STATE,
                                   put_state(key_of(number), value_of(number))));
    static_cast<void>(chaincode_.expect(Message::RESPONSE));
  }
  chaincode_.send(completed(transaction, ""));
  static_cast<void>(must_succeed(client_.receive(10s)));
  stored_ = keys;
}

void StateReader::open_lane(std::size_t lane, std::size_t lanes, std::size_t keys) {
  static_cast<void>(client_.send_evaluate(invocation("read")));
  transactions_.push_back(chaincode_.expect(Message::TRANSACTION));
  std::vector<Exchange> exchanges;
  for (std::size_t number = lane; number < keys; number += lanes) {
    exchanges.push_back(
        {in_transaction(transactions_.back(), Message::GET_STATE, get_state(key_of(number)))
             .SerializeAsString(),
         in_transaction(transactions_.back(), Message::RESPONSE, value_of(number))
             .SerializeAsString()});
  }
  lanes_.emplace_back(std::move(exchanges));
}

void StateReader::finish(std::uint64_t reads) {
  for (const Message& transaction : transactions_) chaincode_.send(completed(transaction, "read"));
  for (std::size_t answered = 0; answered < transactions_.size(); ++answered) {
    const client::Reply reply = must_succeed(client_.receive(10s));
    if (reply.response.evaluate().result().payload() != "read") {
      throw std::runtime_error("a client did not hear what the chaincode said");
    }
  }
  const client::Reply status = must_succeed(client_.status(10s));
  const auto& counters = status.response.service_status().counters();
  if (counters.at("chaincode_shim_requests_completed") != stored_ + reads ||
      counters.at("chaincode_shim_requests_failed") != 0) {
    throw std::runtime_error("the service has not served what it was asked");
  }
}

}  // namespace ccbus::bench
