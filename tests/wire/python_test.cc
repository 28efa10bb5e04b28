// Tests a chaincode and a client that were written from docs/wire.md alone, which shows that the
// document is complete.
#include <catch2/catch.hpp>

#include "tests/support/ccbus_command.h"
#include "tests/support/checkout.h"
#include "tests/support/service_process.h"

namespace ccbus::test {
namespace {

using Catch::Matchers::Contains;
using namespace std::chrono_literals;

// Debian's Python, which finds Debian's packages.
std::vector<std::string> python(const std::string& script, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(),
                   {"/usr/bin/env", "PYTHONPATH=" WIRE_PYTHON_PROTOS, "/usr/bin/python3",
                    test::source_path("tests/wire/") + script});
  return arguments;
}

struct Store {
  explicit Store(const ServiceProcess& service)
      : process(python("chaincode.py", {service.chaincode_endpoint(), "store"})) {
    await_registration();
  }

  void await_registration() { REQUIRE(process.read_line(10s) == "ready"); }

  Process process;
};

Output call(const ServiceProcess& service, const std::string& command, const std::string& input) {
  return run_ccbus(service.client_endpoint(),
                   {command, "-C", "mychannel", "-n", "store", "-c", input});
}

}  // namespace

TEST_CASE("a chaincode that knows nothing but docs/wire.md writes and reads", "[wire]") {
  const ServiceProcess service;
  Store store(service);
  CHECK(call(service, "invoke", R"({"Args":["set","a","1"]})").status == 0);
  const Output read = call(service, "query", R"({"Args":["get","a"]})");
  CHECK(read.status == 0);
  CHECK(read.text == "1\n");

  SECTION("a batch of writes, and a range in several batches") {
    CHECK(call(service, "invoke", R"({"Args":["fill","250"]})").status == 0);
    CHECK(call(service, "query", R"({"Args":["count"]})").text == "251\n");
  }
  SECTION("its refusal and its mistakes reach the caller") {
    CHECK(call(service, "query", R"({"Args":["get","b"]})").status == 1);
    CHECK(call(service, "query", R"({"Args":["get"]})").status == 1);
    CHECK(call(service, "query", R"({"Args":["get","a"]})").status == 0);
  }
  SECTION("it leaves in good order") {
    store.process.signal(SIGTERM);
    CHECK(store.process.wait(10s) == 0);
  }
}

TEST_CASE("a chaincode that knows nothing but docs/wire.md registers again", "[wire]") {
  ServiceProcess service;
  Store store(service);
  service.kill_now();
  service.start_again();
  store.await_registration();
  CHECK(call(service, "invoke", R"({"Args":["set","a","2"]})").status == 0);
}

TEST_CASE("a client that knows nothing but docs/wire.md submits and is told", "[wire]") {
  const ServiceProcess service;
  const Store store(service);
  Process client(
      python("client.py", {service.client_endpoint(), "mychannel", "store", "set", "a", "1"}));
  CHECK_THAT(client.read_line(30s), Contains(": block 0, VALID"));
  CHECK(client.read_line(30s) == "1");
  CHECK(client.wait(10s) == 0);

  Process refused(
      python("client.py", {service.client_endpoint(), "mychannel", "store", "get", "b"}));
  CHECK(refused.wait(30s) == 1);

  // No process listens there.
  Process lost(python("client.py", {"tcp://127.0.0.1:1", "mychannel", "store", "get", "a"}));
  CHECK(lost.wait(30s) == 3);
}

}  // namespace ccbus::test
