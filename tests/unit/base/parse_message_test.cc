#include "service/base/parse_message.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "ccbus/client.pb.h"
#include "fabric/ledger/kv_rwset.pb.h"
#include "fabric/peer/chaincode.pb.h"

namespace ccbus {
namespace {

using namespace std::string_literals;

constexpr std::size_t kMany = 1u << 20;

// As many fields of two bytes: the tag, and an empty content or a small number.
std::string fields_of(char tag, std::size_t count) {
  std::string bytes;
  for (std::size_t i = 0; i < count; ++i) bytes += {tag, '\0'};
  return bytes;
}

std::size_t overhead_of(const google::protobuf::Message& type, const std::string& bytes) {
  return decoded_overhead(*type.GetDescriptor(), bytes, SIZE_MAX);
}

}  // namespace

TEST_CASE("what many small fields would take in memory is estimated without decoding them",
          "[base]") {
  const struct {
    const char* what;
    const google::protobuf::Message& type;
    std::string bytes;
  } cases[] = {
      {"empty arguments", protos::ChaincodeInput::default_instance(), fields_of('\x0a', kMany)},
      {"empty messages", kvrwset::KVRWSet::default_instance(), fields_of('\x0a', kMany)},
      {"unknown numbers", protos::ChaincodeInput::default_instance(), fields_of('\x78', kMany)},
      {"unknown texts", protos::ChaincodeInput::default_instance(), fields_of('\x7a', kMany)},
      {"numbers in a text's field", protos::ChaincodeInput::default_instance(),
       fields_of('\x08', kMany)},
      {"entries of a map", ccbus::Invocation::default_instance(), fields_of('\x2a', kMany)},
  };
  for (const auto& c : cases) {
    INFO(c.what);
    CHECK(overhead_of(c.type, c.bytes) >= kMany * sizeof(std::string));
    const std::unique_ptr<google::protobuf::Message> message(c.type.New());
    const auto parsed = parse_checked(*message, c.bytes, 1 << 20);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().code == ErrorCode::kExhausted);
    CHECK(message->ByteSizeLong() == 0);
  }
}

TEST_CASE("the estimate counts the fields of inner messages", "[base]") {
  kvrwset::KVRWSet set;
  for (int i = 0; i < 1000; ++i) set.add_reads()->mutable_version();
  CHECK(overhead_of(set, set.SerializeAsString()) >= 1000 * 2 * sizeof(kvrwset::KVRead));
}

TEST_CASE("the estimate ends at its limit, and at bytes that are not sound", "[base]") {
  const auto& type = *protos::ChaincodeInput::descriptor();
  const std::size_t stopped = decoded_overhead(type, fields_of('\x0a', kMany), 1000);
  CHECK(stopped > 1000);
  CHECK(stopped < 2000);
  for (const std::string& bytes : {"\x0a"s, "\x0a\x05"s, "\x00"s, "\xff\xff\xff\xff\xff\xff"s}) {
    CHECK(decoded_overhead(type, fields_of('\x0a', 3) + bytes, SIZE_MAX) < 1000);
  }
}

TEST_CASE("one large text takes no more than its bytes", "[base]") {
  protos::ChaincodeInput input;
  input.add_args(std::string(8 << 20, 'x'));
  protos::ChaincodeInput parsed;
  REQUIRE(parse_checked(parsed, input.SerializeAsString(), 1000));
  CHECK(parsed.args(0).size() == 8 << 20);
}

TEST_CASE("a large message loses its unknown fields", "[base]") {
  protos::ChaincodeInput input;
  input.add_args(std::string(kUncheckedBytesMax, 'x'));
  protos::ChaincodeInput parsed;
  REQUIRE(parse_checked(parsed, input.SerializeAsString() + fields_of('\x78', 3)));
  CHECK(parsed.GetReflection()->GetUnknownFields(parsed).empty());
}

TEST_CASE("messages within messages without end are not decoded", "[base]") {
  std::string bytes;  // A StatusResponse cannot nest; an unknown group can.
  bytes.assign(kMany, '\x7b');
  protos::ChaincodeInput parsed;
  const auto refused = parse_checked(parsed, bytes);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message == "not a protos.ChaincodeInput (1048576 bytes)");
}

TEST_CASE("fields are counted at the top", "[base]") {
  protos::ChaincodeInput input;
  for (const char* arg : {"a", "", "c"}) input.add_args(arg);
  const std::string bytes = input.SerializeAsString();
  CHECK(count_fields(bytes, protos::ChaincodeInput::kArgsFieldNumber) == 3);
  CHECK(count_fields(bytes, 7) == 0);
  CHECK(count_fields("", 1) == 0);
  CHECK(count_fields(bytes + "\x0a", 1) == 4);  // The last one is cut off.
}

}  // namespace ccbus
