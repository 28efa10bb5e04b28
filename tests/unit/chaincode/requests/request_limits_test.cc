// What one request may ask for, and how large its answer may grow.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/support/chaincode_rig.h"

namespace ccbus::test {
namespace {

using Catch::Matchers::Contains;

constexpr std::size_t kReplyBytesMax = 10'000;

// A chaincode in the middle of tx1, and four keys "a" to "d" with values of 4,000 bytes.
struct Limited {
  explicit Limited(const chaincode::RequestLimits& limits = {.reply_bytes_max = kReplyBytesMax})
      : rig(with(limits)) {
    for (const char* key : {"a", "b", "c", "d"}) rig.write("basic", key, std::string(4'000, 'v'));
    shim.emplace(rig.ready_shim("basic"));
    rig.invoke("basic", "tx1");
  }

  static chaincode::Options with(const chaincode::RequestLimits& limits) {
    chaincode::Options options;
    options.request_limits = limits;
    return options;
  }

  const ChaincodeMessage& ask(ChaincodeMessage::Type type, const google::protobuf::Message& what) {
    return ask(message(type, "tx1", what.SerializeAsString()));
  }
  const ChaincodeMessage& ask(const ChaincodeMessage& request) {
    shim->sends(request);
    rig.run_jobs();
    return shim->last();
  }

  // The transaction and the stream go on after a refusal.
  void check_goes_on() { CHECK(ask(get_state("tx1", "a")).payload().size() == 4'000); }

  ChaincodeRig rig;
  std::optional<FakeShim> shim;
};

protos::GetStateMultiple keys(const std::vector<std::string>& names) {
  protos::GetStateMultiple get;
  for (const std::string& name : names) get.add_keys(name);
  return get;
}

protos::WriteBatchState writes(int count) {
  protos::WriteBatchState batch;
  for (int i = 0; i < count; ++i) {
    protos::WriteRecord& record = *batch.add_rec();
    record.set_type(protos::WriteRecord::PUT_STATE);
    record.set_key("key" + std::to_string(i));
    record.set_value("v");
  }
  return batch;
}

}  // namespace

TEST_CASE("the answer to many keys stops growing at the limit of a message", "[chaincode]") {
  Limited limited;
  const auto get = keys(std::vector<std::string>(1'000, "a"));
  const auto& reply = limited.ask(ChaincodeMessage::GET_STATE_MULTIPLE, get);
  CHECK(reply.type() == ChaincodeMessage::ERROR);
  CHECK(reply.payload() ==
        "GET_STATE_MULTIPLE failed: transaction ID: tx1: a message of 12000 bytes or more exceeds "
        "the limit of 10000 (peer.maxRecvMsgSize)");
  limited.check_goes_on();
}

TEST_CASE("more keys or writes than READY announced are refused before they are decoded",
          "[chaincode]") {
  Limited limited({.batch_writes_max = 3, .multiple_keys_max = 2});
  CHECK(limited.ask(ChaincodeMessage::GET_STATE_MULTIPLE, keys({"a", "b"})).type() ==
        ChaincodeMessage::RESPONSE);
  CHECK(limited.ask(ChaincodeMessage::GET_STATE_MULTIPLE, keys({"a", "b", "c"})).payload() ==
        "GET_STATE_MULTIPLE failed: transaction ID: tx1: 3 keys exceed the limit of 2 "
        "(chaincode.runtimeParams.maxSizeGetMultipleKeys)");
  CHECK(limited.ask(ChaincodeMessage::WRITE_BATCH_STATE, writes(3)).type() ==
        ChaincodeMessage::RESPONSE);
  CHECK(limited.ask(ChaincodeMessage::WRITE_BATCH_STATE, writes(4)).payload() ==
        "WRITE_BATCH_STATE failed: transaction ID: tx1: 4 writes exceed the limit of 3 "
        "(chaincode.runtimeParams.maxSizeWriteBatch)");
  limited.check_goes_on();
}

TEST_CASE("the batches and pages of a range stop growing at the limit of a message",
          "[chaincode]") {
  Limited limited;
  const int page_size = GENERATE(0, 100);  // 0: batches.
  const auto& reply = limited.ask(get_range("tx1", "", "", page_size));
  CHECK(reply.type() == ChaincodeMessage::ERROR);
  CHECK_THAT(reply.payload(), Contains("bytes or more exceeds the limit of 10000"));
  limited.check_goes_on();
}

TEST_CASE("a payload of too many fields is refused before it is decoded", "[chaincode]") {
  Limited limited({.multiple_keys_max = 10'000'000});
  std::string empty_keys;
  for (int i = 0; i < 2'000'000; ++i) empty_keys.append("\x0a\0", 2);
  const auto& reply = limited.ask(message(ChaincodeMessage::GET_STATE_MULTIPLE, "tx1", empty_keys));
  CHECK_THAT(reply.payload(),
             Contains("unmarshal failed: the fields of a protos.GetStateMultiple (4000000 bytes) "
                      "are too many"));
  limited.check_goes_on();
}

}  // namespace ccbus::test
