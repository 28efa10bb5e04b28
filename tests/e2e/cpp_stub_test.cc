// The C++ stub's calls against the real service.
#include <catch2/catch.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "ccbus/client/client.h"
#include "ccbus/shim/run.h"
#include "tests/support/service_process.h"

namespace ccbus::test {
namespace {

using namespace std::chrono_literals;
using shim::Response;
using shim::Stub;

std::string joined(shim::StateIterator found) {
  std::string keys;
  while (const auto one = found.next()) keys += one->key + ";";
  return keys;
}

Response write(Stub& stub) {
  stub.start_write_batch();
  for (const char* key : {"a", "b", "c"}) {
    stub.put_state(key, R"({"owner":"tom","name":")" + std::string(key) + "\"}");
  }
  stub.put_private_data("secret", "s", "private");
  stub.set_state_validation_parameter("a", "policy");
  return shim::success();  // The batch is sent at the end of the call.
}

Response read(Stub& stub) {
  const std::vector<std::string> keys = {"c", "nothing", "a"};
  const auto values = stub.get_multiple_states(keys);
  std::string text = std::to_string(values.size()) + (values[1].empty() ? " absent " : " ");
  text += joined(stub.get_query_result(R"({"selector":{"owner":"tom","name":{"$gt":"a"}}})"));
  text += " " + stub.get_private_data("secret", "s");
  text += " " + std::to_string(stub.get_private_data_hash("secret", "s").size());
  text += " " + stub.get_state_validation_parameter("a");
  text += " " + joined(stub.get_private_data_by_range("secret", "", ""));
  auto history = stub.get_history_for_key("a");
  int changes = 0;
  while (history.next()) ++changes;
  return shim::success(text + " " + std::to_string(changes));
}

Response call(Stub& stub) {
  const std::vector<std::string> args = {"pages"};
  return stub.invoke_chaincode("second", args);
}

Response pages(Stub& stub) {
  const auto page = stub.get_state_by_range_with_pagination("", "", 2, "");
  return shim::success(std::to_string(page.fetched_records_count));
}

Response write_composite(Stub& stub) {
  for (const char* name : {"a1", "a2", "a3"}) {
    const std::vector<std::string> attributes = {"blue", name};
    stub.put_state(shim::create_composite_key("color~name", attributes), "{\"name\":\"x\"}");
  }
  return shim::success();
}

// The counts and bookmarks of the pages of composite keys and of a rich query, to the page that has
// fewer results than its size.
Response composite_pages(Stub& stub) {
  const std::vector<std::string> blue = {"blue"};
  std::string text;
  std::string bookmark;
  for (std::int32_t count = 2; count == 2;) {
    auto page =
        stub.get_state_by_partial_composite_key_with_pagination("color~name", blue, 2, bookmark);
    count = page.fetched_records_count;
    bookmark = page.bookmark;
    text += std::to_string(count);
    text += bookmark.empty() ? "-" : shim::split_composite_key(bookmark).attributes.at(1);
    text += " ";
  }
  const auto last = stub.get_query_result_with_pagination(R"({"selector":{"name":"x"}})", 5, "");
  const auto none = stub.get_query_result_with_pagination(R"({"selector":{"name":"y"}})", 5, "");
  return shim::success(text + std::to_string(last.fetched_records_count) +
                       (last.bookmark.empty() ? " empty " : " not empty ") + none.bookmark);
}

class Everything final : public shim::Chaincode {
 public:
  Response invoke(Stub& stub) override {
    const auto& function = stub.string_args().at(0);
    if (function == "write") return write(stub);
    if (function == "read") return read(stub);
    if (function == "call") return call(stub);
    if (function == "write composite") return write_composite(stub);
    if (function == "composite pages") return composite_pages(stub);
    return pages(stub);
  }
};

shim::Options options(const ServiceProcess& service, const char* name) {
  shim::Options made;
  made.peer_address = service.chaincode_endpoint();
  made.chaincode_id = name;
  made.log = [](std::string_view) {};
  return made;
}

TEST_CASE("a chaincode in C++ uses everything that the peer has",
          "[e2e][issue-3][row-209][row-210]") {
  const ServiceProcess service;
  Everything chaincode;
  shim::Shim first(options(service, "first"), chaincode);
  shim::Shim second(options(service, "second"), chaincode);
  first.start();
  second.start();
  REQUIRE((first.wait_ready(10s) && second.wait_ready(10s)));

  client::Client client({.endpoint = service.client_endpoint()});
  DefineRequest definition;
  definition.set_channel_id("mychannel");
  definition.mutable_definition()->set_name("first");
  definition.mutable_definition()->set_version("1.0");
  auto& collection = *definition.mutable_definition()->add_collections();
  collection.set_name("secret");
  collection.set_policy("OR('DevMSP.member')");
  REQUIRE(client.define(definition, 10s).error.ok());

  const auto run = [&](const char* function) {
    const auto reply = client.submit(
        {.channel_id = "mychannel", .chaincode_name = "first", .args = {function}}, 10s);
    CHECK(reply.error.message.empty());
    return reply.response.submit().result().payload();
  };
  CHECK(run("write").empty());
  CHECK(run("read") == "3 absent b;c; private 32 policy s; 1");
  CHECK(run("call") == "0");  // The callee has a namespace of its own.
  CHECK(run("write composite").empty());
  CHECK(run("composite pages") == "2a3 1- 3 not empty nil");
}

}  // namespace
}  // namespace ccbus::test
