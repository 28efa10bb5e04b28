// A chaincode that overflows the stack of a fiber. It is this program once more, as a child: its
// test that is hidden.
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "bindings/cpp/tests/support/scripted_peer.h"
#include "bindings/cpp/tests/support/shim_rig.h"

using namespace ccbus::testing;
namespace shim = ccbus::shim;

namespace {

constexpr const char* kEndpointVariable = "CCBUS_TEST_OVERFLOW_ENDPOINT";

// Recurses as deep as it is told. The caller's frame is used after the call, so that no compiler
// makes a loop of it.
std::size_t recurse(std::size_t depth, const volatile char* callers) {
  volatile char frame[512];
  frame[0] = static_cast<char>(depth);
  const std::size_t below = depth == 0 ? 0 : recurse(depth - 1, frame);
  return below + static_cast<std::size_t>(callers[0] != 0);
}

}  // namespace

TEST_CASE("the child that overflows", "[.overflowing-child]") {
  shim::Options options;
  options.fiber_stack_bytes = 128 << 10;
  ShimRig rig(
      std::getenv(kEndpointVariable),
      [](shim::Stub& stub) {
        const auto depth = static_cast<std::size_t>(std::stoul(stub.args().at(1)));
        const volatile char first = 0;
        return shim::success(std::to_string(recurse(depth, &first)));
      },
      options);
  ::alarm(60);  // If the test has failed.
  ::pause();
}

TEST_CASE("a stack that overflows ends the process with a message that names the function",
          "[shim][fibers]") {
  ScriptedPeer peer;
  ::setenv(kEndpointVariable, peer.endpoint().c_str(), 1);
  const std::string program = std::filesystem::read_symlink("/proc/self/exe").string();
  FILE* const child = ::popen(("exec '" + program + "' '[.overflowing-child]' 2>&1").c_str(), "r");
  REQUIRE(child != nullptr);
  const std::string chaincode = peer.accept();
  peer.say(chaincode, transaction_of({"dig", "10"}, "shallow"));
  CHECK(peer.hear(chaincode, ChaincodeMessage::COMPLETED).txid() == "shallow");

  peer.say(chaincode, transaction_of({"dig", "100000"}, "deep"));

  std::string output;
  for (int c = std::getc(child); c != EOF; c = std::getc(child))
    output.push_back(static_cast<char>(c));
  ::pclose(child);
  CHECK_THAT(output, Catch::Contains("the chaincode's function \"dig\" has overflowed its stack of "
                                     "128 KiB: set a larger one with --fiber-stack"));
}
