// Any bytes as a SerializedIdentity give a reason or an identity; one that is valid chains to the
// organisation's only root, is the same when it is decoded again, and verifies no signature of
// made-up bytes. Half of the inputs are a member's real certificate with some bytes changed.

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "fabric/msp/identities.pb.h"
#include "service/base/assert.h"
#include "service/base/log.h"
#include "service/security/crypto/pem.h"
#include "service/security/msp/msp.h"
#include "tests/fuzz/input.h"
#include "tests/support/test_organization.h"

namespace security = ccbus::security;
namespace test = ccbus::test;
using ccbus::fuzz::Input;

namespace {

constexpr char kMspId[] = "Org1MSP";

struct World {
  test::Credential root = test::self_signed(test::ca_shape("ca"));
  test::Credential peer = test::issued_by(root, {.common_name = "peer", .units = {"peer"}});
  security::Msp msp = make();

  [[nodiscard]] security::Msp make() const {
    msp::FabricMSPConfig config = test::msp_config(kMspId, {&root}, {});
    test::enable_roles(config);
    auto made = security::Msp::make(config, {.ed25519 = true});
    CCBUS_ASSERT(made.has_value());
    return std::move(*made);
  }
};

std::string serialized(std::string_view pem) {
  msp::SerializedIdentity identity;
  identity.set_mspid(kMspId);
  identity.set_id_bytes(std::string(pem));
  return identity.SerializeAsString();
}

// The peer's certificate with some bytes changed, inserted or cut off.
std::string changed(std::string bytes, Input& input) {
  while (!input.empty()) {
    const std::size_t at = (input.byte() * 256u + input.byte()) % (bytes.size() + 1);
    switch (input.below(3)) {
      case 0: bytes.insert(at, input.text()); break;
      case 1: bytes.resize(at); break;
      default:
        if (at < bytes.size()) bytes[at] = static_cast<char>(input.byte());
    }
  }
  return bytes;
}

void check(const World& world, const std::string& bytes) {
  const auto identity = world.msp.deserialize(bytes);
  if (!identity) {
    CCBUS_ASSERT(!identity.error().message.empty());
    return;
  }
  const auto again = world.msp.deserialize(bytes);
  CCBUS_ASSERT(again.has_value() && (*again)->id() == (*identity)->id());
  CCBUS_ASSERT(!(*identity)->verify("bytes", "made up").has_value());
  if (!(*identity)->validity()) return;
  // Nobody but the root has issued a valid certificate, and it issued one.
  CCBUS_ASSERT((*identity)->certificate().der == world.peer.der());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto silent = ccbus::make_silent_logger();  // Also silences protobuf.
  static const World world;
  Input input(data, size);
  switch (input.below(4)) {
    case 0: check(world, std::string(input.rest())); break;
    case 1: check(world, serialized(input.rest())); break;
    case 2: check(world, serialized(changed(world.peer.pem(), input))); break;
    default:
      check(world,
            serialized(security::encode_pem("CERTIFICATE", changed(world.peer.der(), input))));
  }
  return 0;
}
