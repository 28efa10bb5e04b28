#include "service/base/endpoint_address.h"

#include <catch2/catch.hpp>

namespace ccbus {
namespace {

TEST_CASE("host:port is an endpoint of tcp, and what has a transport stays as it is", "[service]") {
  CHECK(*parse_endpoint("127.0.0.1:7051") == "tcp://127.0.0.1:7051");
  CHECK(*parse_endpoint("[::1]:7051") == "tcp://[::1]:7051");
  CHECK(*parse_endpoint("tcp://ccbusd:7051") == "tcp://ccbusd:7051");
  CHECK(*parse_endpoint("ipc:///run/ccbus.sock") == "ipc:///run/ccbus.sock");
}

TEST_CASE("localhost is the loopback address, on which libzmq can listen", "[service]") {
  CHECK(parse_endpoint("localhost:7052") == "tcp://127.0.0.1:7052");
  CHECK(parse_endpoint("tcp://localhost:7052") == "tcp://127.0.0.1:7052");
  CHECK(parse_endpoint("localhost.example:7052") == "tcp://localhost.example:7052");
}

TEST_CASE("what is no endpoint is refused with the forms there are", "[service]") {
  const std::string text = GENERATE("", "nowhere", "tcp://", "tcp://nowhere", "tcp://:7051",
                                    ":7051", "localhost:", "ipc://", "http://localhost:9443");
  const auto parsed = parse_endpoint(text);
  REQUIRE_FALSE(parsed.has_value());
  CHECK(parsed.error().message ==
        "'" + text + "' is not an endpoint: host:port, tcp://host:port or ipc://path");
}

TEST_CASE("an endpoint is local where no other machine reaches it", "[service]") {
  CHECK(is_local_endpoint("tcp://localhost:1"));
  CHECK(is_local_endpoint("ipc:///tmp/x"));
  CHECK_FALSE(is_local_endpoint("tcp://*:1"));
  CHECK_FALSE(is_local_endpoint("tcp://localhost.example.org:1"));
}

TEST_CASE("an address of TCP is host and port for Fabric", "[base][issue-15]") {
  CHECK(host_and_port("tcp://127.0.0.1:7051") == "127.0.0.1:7051");
  CHECK(host_and_port("tcp://[::1]:7051") == "[::1]:7051");
  CHECK(host_and_port("ipc:///run/ccbus") == "ipc:///run/ccbus");
  CHECK(host_and_port("").empty());
}

}  // namespace
}  // namespace ccbus
