#include "tests/simulation/engine/honest_chaincode.h"

#include <utility>
#include <vector>

namespace ccbus::simulation {
namespace {

using namespace std::chrono_literals;
using Message = protos::ChaincodeMessage;

}  // namespace

HonestChaincode::HonestChaincode(Stage stage, Network& network, std::string chaincode,
                                 Habits habits)
    : Actor(stage, network, std::move(chaincode)), habits_(habits) {
  wake_in(std::chrono::microseconds(stage_.chance.between(1, 3'000)));
}

void HonestChaincode::begin() {
  connect();
  runs_.clear();
  unsaid_.clear();
  protos::ChaincodeID id;
  id.set_name(name() + ":1.0");
  Message message;
  message.set_type(Message::REGISTER);
  message.set_payload(id.SerializeAsString());
  send(message.SerializeAsString());
}

void HonestChaincode::on_frame(const std::string& frame) {
  if (frame.empty()) return leave_for_a_while();  // The end of the stream.
  Message message;
  if (!message.ParseFromString(frame)) return;
  const TxKey key{{message.channel_id()}, {message.txid()}};
  switch (message.type()) {
    case Message::INIT:
    case Message::TRANSACTION: {
      if (stage_.chance.in_thousand(habits_.silences)) return;
      protos::ChaincodeInput input;
      input.ParseFromString(message.payload());
      const std::vector<std::string> arguments(input.args().begin(), input.args().end());
      const bool is_new = runs_.try_emplace(key, key, name(), arguments).second;
      stage_.findings.check(is_new, "a chaincode was sent one transaction twice");
      if (is_new) answer(key, nullptr);
      break;
    }
    case Message::RESPONSE:
    case Message::ERROR:
      // A script reads each of its queries to the end before it opens another one.
      stage_.findings.check(message.payload().find("too many open query") == std::string::npos,
                            "a query that was read to its end counts as open");
      if (runs_.contains(key)) answer(key, &message);
      break;
    case Message::KEEPALIVE: say(frame); break;
    default: break;
  }
}

void HonestChaincode::answer(const TxKey& key, const Message* answer) {
  const auto run = runs_.find(key);
  const Message next = run->second.next(answer);
  if (next.type() == Message::COMPLETED) runs_.erase(run);
  say(next.SerializeAsString());
  if (stage_.chance.in_thousand(habits_.leaves)) leave_for_a_while();
}

void HonestChaincode::say(std::string frame) {
  if (habits_.pause == 0us) return send(std::move(frame));
  unsaid_.emplace_back(stage_.now.steady + habits_.pause, std::move(frame));
  wake_in(habits_.pause);
}

void HonestChaincode::on_wake() {
  if (!is_linked()) {
    if (!is_calm()) begin();
    return;
  }
  while (!unsaid_.empty() && unsaid_.front().first <= stage_.now.steady) {
    send(std::move(unsaid_.front().second));
    unsaid_.pop_front();
  }
  if (!unsaid_.empty()) wake_in(habits_.pause);
}

void HonestChaincode::leave_for_a_while() {
  disconnect();
  on_link_lost();
}

void HonestChaincode::on_link_lost() {
  runs_.clear();
  unsaid_.clear();
  if (habits_.comes_back) wake_in(std::chrono::microseconds(stage_.chance.between(100, 20'000)));
}

}  // namespace ccbus::simulation
