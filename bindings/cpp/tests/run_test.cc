#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "bindings/cpp/tests/support/shim_rig.h"

using namespace ccbus::testing;
namespace shim = ccbus::shim;

namespace {

int exit_code(std::vector<std::string> arguments) {
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  FunctionChaincode chaincode([](shim::Stub&) { return shim::success(); });
  return shim::run(static_cast<int>(pointers.size()), pointers.data(), chaincode);
}

}  // namespace

TEST_CASE("run() reads the numbers of workers and of a stack, and refuses others", "[shim]") {
  CHECK(exit_code({"chaincode", "--workers", "4", "--fiber-stack=512", "--help"}) == 0);
  CHECK(exit_code({"chaincode", "--workers", "many", "--help"}) == 2);
  CHECK(exit_code({"chaincode", "--workers", "-1", "--help"}) == 2);
  CHECK(exit_code({"chaincode", "--workers", "10000000", "--help"}) == 2);
  CHECK(exit_code({"chaincode", "--fiber-stack", "--help"}) == 2);
  CHECK(exit_code({"chaincode", "--workers"}) == 2);
  // The value is used: 1 KiB is too small for a stack.
  CHECK(exit_code({"chaincode", "--chaincode-id-name", "basic", "--fiber-stack", "1"}) == 2);
}
