#pragma once

#include <catch2/catch.hpp>
#include <string>

#include "service/ledger/upkeep/verification.h"
#include "tests/support/ledger_rig.h"
#include "tests/support/transaction_parts.h"

namespace ccbus::test {

// A channel with one example of everything that blocks can contain: values, deletes, metadata,
// conflicts, invalid envelopes, and private values that came, did not come, were purged and expire.
//
//   block 0  defines the collections "kept" (for ever) and "passing" (two blocks)
//         1  a = 1, b = 1, gone = 1        4  kept/key = secret, passing/key = secret
//         2  a = 2, and a conflict on a    5  kept/key2 without its value, kept/purged purged
//         3  metadata of b, gone goes      6  b = 2, twice the same transaction, garbage
struct DamageableLedger : LedgerRig {
  DamageableLedger() { fill(); }
  explicit DamageableLedger(ledger::ChannelLedger::Options options) : LedgerRig(options) { fill(); }

  // Verifies the ledger. Opens it first if tamper() has closed it.
  [[nodiscard]] ledger::Verification verify() {
    if (is_closed()) REQUIRE(open());
    ledger::VerificationProgress progress;
    auto found = ledger::verify_ledger(ledger(), std::nullopt, progress);
    REQUIRE(found);
    return std::move(*found);
  }

  static constexpr const char* kKept = "kept";
  static constexpr const char* kPassing = "passing";

 private:
  void fill() {
    define({{kKept, 0}, {kPassing, 2}});
    write({{"a", "1"}, {"b", "1"}, {"gone", "1"}});
    Simulation winner = begin("winner"), loser = begin("loser");
    for (Simulation* tx : {&winner, &loser}) {
      REQUIRE((*tx)->get_state(kNs, "a"));
      REQUIRE((*tx)->set_state(kNs, "a", "2"));
    }
    commit({&winner, &loser});
    Simulation changes = begin("changes");
    REQUIRE(changes->set_state_metadata(kNs, "b", {{"VALIDATION_PARAMETER", "policy"}}));
    REQUIRE(changes->delete_state(kNs, "gone"));
    commit(changes);
    fill_private();
    Simulation again = begin("again");
    REQUIRE(again->set_state(kNs, "b", "2"));
    const OrderedEnvelope envelope = this->envelope(again);
    commit_envelopes({envelope, envelope, {TxId{"x"}, "\xff"}});
  }

  void fill_private() {
    Simulation put = begin("private");
    REQUIRE(put->set_private_data(kNs, kKept, "key", "secret"));
    REQUIRE(put->set_private_data(kNs, kKept, "purged", "secret"));
    REQUIRE(put->set_private_data(kNs, kPassing, "key", "secret"));
    commit(put);
    Simulation lost = begin("lost"), purge = begin("purge");
    REQUIRE(lost->set_private_data(kNs, kKept, "key2", "lost"));
    REQUIRE(purge->purge_private_data(kNs, kKept, "purged"));
    OrderedEnvelope without = envelope(lost);
    without.private_data.clear();
    commit_envelopes({without, envelope(purge)});
  }
};

}  // namespace ccbus::test
