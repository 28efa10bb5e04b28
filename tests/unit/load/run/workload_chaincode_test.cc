#include "service/load/run/workload_chaincode.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <vector>

#include "fabric/peer/chaincode.pb.h"
#include "fabric/peer/proposal.pb.h"

using namespace ccbus::load;
using namespace std::chrono_literals;
using ccbus::SteadyTime;
using Message = protos::ChaincodeMessage;
using Reception = WorkloadChaincode::Reception;

namespace {

struct Sent final : DealerOutbox {
  void send(const Message& message) override { messages.push_back(message); }
  void send_end() override { ++ends; }
  void wake_at(SteadyTime time, const std::string& tx_id) override {
    wake_ups.emplace_back(time, tx_id);
  }
  std::vector<Message> messages;
  std::vector<std::pair<SteadyTime, std::string>> wake_ups;
  int ends = 0;
};

class Rig {
 public:
  Reception receive(const Message& message) {
    const std::string bytes = message.SerializeAsString();
    return chaincode.on_frame(now, std::as_bytes(std::span(bytes)), round_trips);
  }
  Reception receive_end() { return chaincode.on_frame(now, {}, round_trips); }

  Reception receive(Message::Type type, const std::string& payload = "") {
    Message message;
    message.set_type(type);
    message.set_txid("tx");
    message.set_channel_id("ch");
    message.set_payload(payload);
    return receive(message);
  }

  void begin(const Task& task) {
    protos::ChaincodeInput input;
    for (const std::string& argument : to_arguments(task)) input.add_args(argument);
    receive(Message::TRANSACTION, input.SerializeAsString());
  }

  void get_ready() {
    chaincode.send_register();
    receive(Message::REGISTERED);
    REQUIRE(receive(Message::READY) == Reception::kReady);
    sent.messages.clear();
  }

  const Message& last() const { return sent.messages.back(); }
  protos::Response completed() const {
    REQUIRE(last().type() == Message::COMPLETED);
    protos::Response response;
    REQUIRE(response.ParseFromString(last().payload()));
    return response;
  }

  SteadyTime now{1h};
  OutcomeTally round_trips{{now, now + 1h}};
  Sent sent;
  WorkloadChaincode chaincode{"bench", sent};
};

std::string page(const std::string& id, bool has_more) {
  protos::QueryResponse response;
  response.set_id(id);
  response.set_has_more(has_more);
  return response.SerializeAsString();
}

std::vector<Message::Type> types(const Sent& sent) {
  std::vector<Message::Type> types;
  for (const Message& message : sent.messages) types.push_back(message.type());
  return types;
}

}  // namespace

TEST_CASE("a dealer speaks first, and is ready when the service says so", "[load]") {
  Rig rig;
  rig.chaincode.send_register();
  protos::ChaincodeID id;
  REQUIRE(id.ParseFromString(rig.last().payload()));
  CHECK(rig.last().type() == Message::REGISTER);
  CHECK(id.name() == "bench");
  CHECK_FALSE(rig.chaincode.is_idle());
  CHECK(rig.receive(Message::REGISTERED) == Reception::kNothing);
  CHECK(rig.receive(Message::READY) == Reception::kReady);
  CHECK(rig.chaincode.is_idle());
}

TEST_CASE("a registration that is refused says why", "[load]") {
  Rig rig;
  rig.chaincode.send_register();
  CHECK(rig.receive(Message::ERROR, "the name is taken") == Reception::kNothing);
  CHECK(rig.receive_end() == Reception::kRefused);
  CHECK(rig.chaincode.refusal() == "the name is taken");
}

TEST_CASE("a transaction reads, reads its range to the end, and writes, one at a time", "[load]") {
  Rig rig;
  rig.get_ready();
  rig.begin(RunTask{2, 1, "value", "a", "z", 0ms, {"k1", "k2"}});
  rig.receive(Message::RESPONSE, "v1");
  rig.receive(Message::RESPONSE, "v2");
  rig.receive(Message::RESPONSE, page("it", true));
  rig.receive(Message::RESPONSE, page("it", false));
  rig.receive(Message::RESPONSE);
  CHECK(types(rig.sent) == std::vector<Message::Type>{
                               Message::GET_STATE, Message::GET_STATE, Message::GET_STATE_BY_RANGE,
                               Message::QUERY_STATE_NEXT, Message::PUT_STATE, Message::COMPLETED});
  protos::PutState put;
  REQUIRE(put.ParseFromString(rig.sent.messages[4].payload()));
  CHECK(put.key() == "k1");
  CHECK(put.value() == "value");
  CHECK(rig.completed().status() == 200);
  CHECK(rig.completed().payload() == "v2");
  CHECK(rig.last().channel_id() == "ch");
  CHECK(rig.chaincode.is_idle());
}

TEST_CASE("each request is a round trip of as long as its answer takes", "[load]") {
  Rig rig;
  rig.get_ready();
  rig.begin(RunTask{2, 0, "", "", "", 0ms, {"k1", "k2"}});
  rig.now += 3ms;
  rig.receive(Message::RESPONSE);
  rig.now += 5ms;
  rig.receive(Message::RESPONSE);
  CHECK(rig.round_trips.totals().sent == 2);
  CHECK(rig.round_trips.totals().succeeded == 2);
  CHECK(rig.round_trips.latency().min() == 3ms);
  CHECK(rig.round_trips.latency().max() == 5ms);
}

TEST_CASE("a held transaction reads its keys in turn until its time is over", "[load]") {
  Rig rig;
  rig.get_ready();
  rig.begin(HoldTask{10ms, {"k1", "k2"}});
  for (int i = 0; i < 3; ++i) {
    rig.now += 3ms;
    rig.receive(Message::RESPONSE);
  }
  CHECK(rig.last().type() == Message::GET_STATE);
  rig.now += 3ms;
  rig.receive(Message::RESPONSE);
  CHECK(rig.completed().status() == 200);
  CHECK(rig.round_trips.totals().succeeded == 4);
}

TEST_CASE("keys are loaded by one batch", "[load]") {
  Rig rig;
  rig.get_ready();
  rig.begin(LoadTask{"value", {"k1", "k2", "k3"}});
  protos::WriteBatchState batch;
  REQUIRE(rig.last().type() == Message::WRITE_BATCH_STATE);
  REQUIRE(batch.ParseFromString(rig.last().payload()));
  CHECK(batch.rec_size() == 3);
  CHECK(batch.rec(2).type() == protos::WriteRecord::PUT_STATE);
  rig.receive(Message::RESPONSE);
  CHECK(rig.completed().status() == 200);
}

TEST_CASE("a request that fails fails its transaction, with the reason", "[load]") {
  Rig rig;
  rig.get_ready();
  rig.begin(RunTask{1, 1, "v", "", "", 0ms, {"k"}});
  rig.receive(Message::ERROR, "no such thing");
  CHECK(rig.completed().status() == 500);
  CHECK(rig.completed().message() == "no such thing");
  CHECK(rig.round_trips.totals().failures.at("ERROR") == 1);
  CHECK(rig.chaincode.is_idle());
}

TEST_CASE("arguments that are not understood are refused, and answers to nothing ignored",
          "[load]") {
  Rig rig;
  rig.get_ready();
  protos::ChaincodeInput input;
  input.add_args("dance");
  rig.receive(Message::TRANSACTION, input.SerializeAsString());
  CHECK(rig.completed().status() == 500);
  const auto before = rig.sent.messages.size();
  rig.receive(Message::RESPONSE);
  CHECK(rig.sent.messages.size() == before);
  CHECK(rig.round_trips.totals().sent == 0);
}

TEST_CASE("KEEPALIVE is answered by the same message", "[load]") {
  Rig rig;
  rig.get_ready();
  rig.receive(Message::KEEPALIVE);
  CHECK(rig.last().type() == Message::KEEPALIVE);
}

TEST_CASE("a chaincode thinks between its reads and its writes, and sends nothing during that time",
          "[load]") {
  Rig rig;
  rig.get_ready();
  rig.begin(RunTask{1, 1, "v", "", "", 250ms, {"k"}});
  rig.receive(Message::RESPONSE, "old");
  CHECK(types(rig.sent) == std::vector{Message::GET_STATE});
  REQUIRE(rig.sent.wake_ups.size() == 1);
  CHECK(rig.sent.wake_ups[0] == std::pair(rig.now + 250ms, std::string("tx")));
  rig.receive(Message::RESPONSE, "an answer that nobody asked for");
  CHECK(rig.sent.messages.size() == 1);

  rig.now += 250ms;
  rig.chaincode.on_wake(rig.now, "tx", rig.round_trips);
  CHECK(rig.last().type() == Message::PUT_STATE);
  rig.receive(Message::RESPONSE);
  CHECK(rig.completed().payload() == "old");
  // Two round trips, neither of which includes the think time.
  CHECK(rig.round_trips.totals().succeeded == 2);
  CHECK(rig.round_trips.latency().max() == 0ns);

  rig.chaincode.on_wake(rig.now, "tx", rig.round_trips);  // The transaction has ended.
  CHECK(rig.sent.messages.size() == 3);
}

TEST_CASE("a dealer that leaves comes back, and takes nothing of its old stream", "[load]") {
  Rig rig;
  rig.get_ready();
  rig.chaincode.leave_and_return();
  CHECK(rig.sent.ends == 1);
  rig.begin(RunTask{1, 0, "", "", "", 0ms, {"k"}});  // It was sent before the service saw the end.
  CHECK(rig.sent.messages.empty());
  CHECK(rig.receive_end() == Reception::kNothing);
  CHECK(rig.last().type() == Message::REGISTER);
  rig.receive(Message::REGISTERED);
  CHECK(rig.receive(Message::READY) == Reception::kReady);
}

TEST_CASE("an end that the service sends unasked is told", "[load]") {
  Rig rig;
  rig.get_ready();
  CHECK(rig.receive_end() == Reception::kEnded);
}
