#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "tests/support/gateway_rig.h"

namespace ccbus::fuzz {

// A ledger with one block, which writes the key "a" and has an event. To open a ledger takes longer
// than most inputs, so one that an input has left as it was is kept for the next input.
class KeptLedger {
 public:
  [[nodiscard]] test::LedgerRig take() {
    if (!kept_) return make();
    test::LedgerRig taken = std::move(*kept_);
    kept_.reset();
    return taken;
  }

  // Leaves a ledger with more blocks to its owner, who may still hold snapshots of it.
  void give_back(test::LedgerRig& ledger) {
    if (ledger.ledger().height() == 1) kept_.emplace(std::move(ledger));
  }

 private:
  [[nodiscard]] static test::LedgerRig make() {
    test::GatewayRig rig;
    rig.commit("a", "event");
    return std::move(rig.ledger);
  }

  std::optional<test::LedgerRig> kept_;
};

}  // namespace ccbus::fuzz
