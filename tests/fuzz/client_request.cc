// Any frame of a client is refused with one answer, or is a request that is answered once: at the
// latest when the chaincode has left, time has passed and the service has stopped.

#define REQUIRE CCBUS_ASSERT  // For gateway_rig.h; there is no Catch in here.

#include <cstdint>
#include <span>

#include "service/base/assert.h"
#include "tests/fuzz/kept_ledger.h"

namespace ccbus::fuzz {
namespace {

// The target writes no files: a snapshot goes to whichever folder the request names.
bool is_snapshot(std::span<const std::uint8_t> frame) {
  ClientRequest request;
  return request.ParseFromArray(frame.data(), static_cast<int>(frame.size())) &&
         request.ledger().has_snapshot();
}

void run(std::span<const std::uint8_t> frame) {
  static KeptLedger& kept = *new KeptLedger;  // RocksDB's own statics may end before ours.
  test::GatewayRig rig(100, kept.take());
  rig.gateway.on_message(rig.chaincode.now(), PeerId{1}, std::as_bytes(frame));
  rig.sign();
  CCBUS_ASSERT(rig.answers().size() <= 1);
  rig.shim.disappears();
  rig.chaincode.run_jobs();
  rig.gateway.stop_accepting();
  rig.gateway.shutdown();
  rig.chaincode.run_jobs();
  CCBUS_ASSERT(rig.answers().size() == 1);
  CCBUS_ASSERT(rig.gateway.requests_open() == 0);
  kept.give_back(rig.ledger);
}

}  // namespace
}  // namespace ccbus::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span frame(data, size);
  if (!ccbus::fuzz::is_snapshot(frame)) ccbus::fuzz::run(frame);
  return 0;
}
