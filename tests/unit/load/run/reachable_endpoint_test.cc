#include "service/load/run/reachable_endpoint.h"

#include <catch2/catch.hpp>

using ccbus::load::reachable_endpoint;

TEST_CASE("a service that is bound to every address is found where its other endpoint is",
          "[load]") {
  CHECK(reachable_endpoint("tcp://0.0.0.0:7052", "tcp://bench.example:7051") ==
        "tcp://bench.example:7052");
  CHECK(reachable_endpoint("tcp://[::]:7052", "tcp://[fd00::7]:7051") == "tcp://[fd00::7]:7052");
}

TEST_CASE("an address that is one is left alone", "[load]") {
  CHECK(reachable_endpoint("tcp://127.0.0.1:7052", "tcp://10.0.0.7:7051") ==
        "tcp://127.0.0.1:7052");
  CHECK(reachable_endpoint("ipc:///run/chaincode", "tcp://10.0.0.7:7051") ==
        "ipc:///run/chaincode");
}
