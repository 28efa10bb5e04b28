#include "service/bridge/chaincode/chaincode_stream.h"

#include <catch2/catch.hpp>
#include <memory>
#include <string>

#include "fabric/peer/chaincode.pb.h"
#include "fabric/peer/chaincode_shim.pb.h"
#include "tests/support/bridge_fakes.h"

namespace ccbus::bridge {
namespace {

std::string message(protos::ChaincodeMessage::Type type, const std::string& payload = {}) {
  protos::ChaincodeMessage message;
  message.set_type(type);
  message.set_payload(payload);
  return message.SerializeAsString();
}

std::string registration(const std::string& name) {
  protos::ChaincodeID id;
  id.set_name(name);
  return message(protos::ChaincodeMessage::REGISTER, id.SerializeAsString());
}

struct Rig {
  Now now{};
  std::shared_ptr<Logger> logger = make_silent_logger();
  test::FakeRpc rpc;
  test::FakeDealers service;
  std::unique_ptr<ChaincodeStream> stream = std::make_unique<ChaincodeStream>(
      rpc, "ipv4:127.0.0.1:4000",
      ChaincodeStream::Parts{service,
                             [](const std::string& name) -> Result<std::string> {
                               if (name == "secret") return fail(ErrorCode::kDenied, "not it");
                               return name == "basic_1.0:hash" ? "basic" : name;
                             },
                             *logger});
};

TEST_CASE("messages go through as they are, and the first one with the name that is known",
          "[bridge][issue-17]") {
  Rig rig;
  rig.stream->on_message(rig.now, registration("basic_1.0:hash"));
  rig.stream->on_message(rig.now, "any bytes");
  rig.service.user->on_frame(rig.now, "other bytes");
  CHECK(rig.service.sent == std::vector<std::string>{registration("basic"), "any bytes"});
  CHECK(rig.rpc.sent == std::vector<std::string>{"other bytes"});
  CHECK(rig.stream->what() == "chaincode basic");
}

TEST_CASE("the first message registers, or the stream ends", "[bridge][issue-17]") {
  Rig rig;
  const auto first = GENERATE(std::string("no message"), std::string(), registration(""),
                              message(protos::ChaincodeMessage::KEEPALIVE));
  rig.stream->on_message(rig.now, first);
  REQUIRE(rig.rpc.end);
  CHECK(rig.rpc.end->code == static_cast<int>(RpcCode::kInvalidArgument));
  CHECK(rig.service.user == nullptr);
}

TEST_CASE("a stream that ends before it has registered costs the service nothing",
          "[bridge][issue-17]") {
  Rig rig;
  SECTION("the chaincode sends nothing") {
    rig.stream->on_half_closed(rig.now);
  }
  SECTION("the call is gone") {
    rig.stream->on_gone(rig.now);
  }
  SECTION("the bridge ends the call") {
    rig.stream.reset();
  }
  CHECK(rig.service.user == nullptr);
}

TEST_CASE("a name that it may not have is refused before the service hears of it",
          "[bridge][issue-17]") {
  Rig rig;
  rig.stream->on_message(rig.now, registration("secret"));
  REQUIRE(rig.rpc.end);
  CHECK(rig.rpc.end->code == static_cast<int>(RpcCode::kPermissionDenied));
  CHECK(rig.rpc.end->message == "not it");
  CHECK(rig.service.user == nullptr);
}

TEST_CASE("the end of either side is the end of the other one", "[bridge][issue-17]") {
  Rig rig;
  rig.stream->on_message(rig.now, registration("basic"));
  SECTION("the chaincode sends nothing more") {
    rig.stream->on_half_closed(rig.now);
    CHECK(rig.service.sent.back().empty());
    CHECK(rig.rpc.end->code == 0);
  }
  SECTION("the call is gone") {
    rig.stream->on_gone(rig.now);
    CHECK(rig.service.sent.back().empty());
    REQUIRE(rig.rpc.end);
  }
  SECTION("the bridge ends the call") {
    rig.stream.reset();
    CHECK(rig.service.sent.back().empty());
  }
  SECTION("the service sends an empty frame") {
    rig.service.user->on_frame(rig.now, "");
    CHECK(rig.rpc.end->code == 0);
    rig.service.user->on_frame(rig.now, "late");
    CHECK(rig.rpc.sent.empty());
    CHECK(rig.service.sent.size() == 1);
  }
  SECTION("the connection is lost") {
    rig.service.user->on_lost(rig.now, "it was lost");
    CHECK(rig.rpc.end->code == static_cast<int>(RpcCode::kUnavailable));
    CHECK(rig.rpc.end->message == "it was lost");
  }
}

TEST_CASE("gRPC is read no faster than the service takes it", "[bridge][issue-17]") {
  Rig rig;
  rig.stream->on_message(rig.now, registration("basic"));
  const std::size_t before = rig.rpc.consumed_bytes;
  rig.service.unsent = kRpcWindow;
  rig.stream->on_message(rig.now, "12345");
  rig.stream->on_message(rig.now, "678");
  CHECK(rig.rpc.consumed_bytes == before);
  CHECK(rig.service.asked_for_sent == 1);
  rig.service.unsent = 0;
  rig.service.user->on_sent(rig.now);
  CHECK(rig.rpc.consumed_bytes == before + room_of(5) + room_of(3));
}

TEST_CASE("the service is read no faster than the chaincode takes it", "[bridge][issue-17]") {
  Rig rig;
  rig.stream->on_message(rig.now, registration("basic"));
  rig.service.user->on_frame(rig.now, std::string(kRpcWindow - 1, 'x'));
  CHECK_FALSE(rig.service.is_held);
  rig.service.user->on_frame(rig.now, "x");
  CHECK(rig.service.is_held);
  rig.stream->on_room(rig.now);
  CHECK_FALSE(rig.service.is_held);
}

TEST_CASE("a KEEPALIVE of the service is not passed on, one of the chaincode is",
          "[bridge][issue-17]") {
  Rig rig;
  const std::string keepalive = message(protos::ChaincodeMessage::KEEPALIVE);
  rig.stream->on_message(rig.now, registration("basic"));
  rig.service.user->on_frame(rig.now, keepalive);
  CHECK(rig.rpc.sent.empty());
  rig.stream->on_message(rig.now, keepalive);
  CHECK(rig.service.sent.back() == keepalive);
}

}  // namespace
}  // namespace ccbus::bridge
