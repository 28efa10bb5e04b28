#include <catch2/catch.hpp>
#include <functional>
#include <memory>
#include <string>

#include "tests/support/ledger_rig.h"

namespace ccbus::test {
namespace {

using ledger::SimulationLimits;
using ledger::TxSimulator;

constexpr std::size_t kMax = 100'000;
const std::string kOfItself =
    "the reads and writes of the transaction take more than 100000 bytes "
    "(limits.transactionBytes)";

std::unique_ptr<TxSimulator> simulate(LedgerRig& rig, ByteBudget* all) {
  return std::make_unique<TxSimulator>(rig.ledger().snapshot(), TxId{"tx"},
                                       SimulationLimits{kMax, all});
}

// Repeats a step with ever new keys until it is refused. Returns the refusal.
Error repeat(const std::function<Result<void>(const std::string& key)>& step) {
  for (int count = 0; count < 10'000; ++count) {
    auto done = step("key" + std::to_string(count));
    if (!done) return done.error();
  }
  FAIL("nothing was refused");
  return {};
}

template <class T>
Result<void> outcome(const Result<T>& result) {
  if (!result) return unexpected(result.error());
  return {};
}

}  // namespace

TEST_CASE("whatever a transaction collects is bounded in bytes while it runs", "[ledger]") {
  LedgerRig rig;
  rig.define({{"coll", 0}});
  ByteBudget all(10 * kMax);
  const std::string value(500, 'v');
  {
    const auto tx = simulate(rig, &all);
    std::function<Result<void>(const std::string&)> step;
    SECTION("reads") {
      step = [&](const std::string& key) { return outcome(tx->get_state(kNs, key)); };
    }
    SECTION("reads of metadata") {
      step = [&](const std::string& key) { return outcome(tx->get_state_metadata(kNs, key)); };
    }
    SECTION("reads of a rich query") {
      step = [&](const std::string& key) {
        tx->record_query_read(kNs, key, ledger::Version{0, 0});
        return tx->begin_query(kNs, "", false);
      };
    }
    SECTION("ranges") {
      step = [&](const std::string& key) { return outcome(tx->get_state_range(kNs, key, "")); };
    }
    SECTION("writes") {
      step = [&](const std::string& key) { return tx->set_state(kNs, key, value); };
    }
    SECTION("deletes") {
      step = [&](const std::string& key) { return tx->delete_state(kNs, key); };
    }
    SECTION("metadata") {
      step = [&](const std::string& key) {
        return tx->set_state_metadata(kNs, key, {{"name", value}});
      };
    }
    SECTION("private reads") {
      step = [&](const std::string& key) {
        return outcome(tx->get_private_data(kNs, "coll", key));
      };
    }
    SECTION("private reads without their hashes") {
      step = [&](const std::string& key) {
        return outcome(tx->get_private_data_unmatched(kNs, "coll", key));
      };
    }
    SECTION("reads of hashes") {
      step = [&](const std::string& key) {
        return outcome(tx->get_private_data_hash(kNs, "coll", key));
      };
    }
    SECTION("private writes") {
      step = [&](const std::string& key) { return tx->set_private_data(kNs, "coll", key, value); };
    }
    SECTION("purges") {
      step = [&](const std::string& key) { return tx->purge_private_data(kNs, "coll", key); };
    }
    SECTION("private metadata") {
      step = [&](const std::string& key) {
        return tx->set_private_data_metadata(kNs, "coll", key, {{"name", value}});
      };
    }
    const Error refused = repeat(step);
    CHECK(refused.code == ErrorCode::kExhausted);
    CHECK(refused.message == kOfItself);
    CHECK(all.used() > 0);
    CHECK(all.used() <= kMax);
  }
  CHECK(all.used() == 0);
}

TEST_CASE("a value that is written again and again counts once", "[ledger]") {
  LedgerRig rig;
  ByteBudget all(kMax);
  const auto tx = simulate(rig, &all);
  const std::string large(kMax / 3, 'v');
  for (int i = 0; i < 100; ++i) REQUIRE(tx->set_state(kNs, "key", large));
  CHECK(all.used() > kMax / 3);
  REQUIRE(tx->set_state(kNs, "key", "small"));
  CHECK(all.used() < 1000);
  for (int i = 0; i < 10'000; ++i) REQUIRE(tx->get_state(kNs, "same"));
}

TEST_CASE("a value that is too large is refused, and the transaction goes on", "[ledger]") {
  LedgerRig rig;
  const auto tx = simulate(rig, nullptr);
  const auto refused = tx->set_state(kNs, "key", std::string(kMax, 'v'));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message == kOfItself);
  CHECK(tx->set_state(kNs, "key", "small"));
}

TEST_CASE("all running transactions together are bounded", "[ledger]") {
  LedgerRig rig;
  ByteBudget all(kMax);
  const auto first = simulate(rig, &all);
  REQUIRE(first->set_state(kNs, "key", std::string(kMax - 1000, 'v')));
  {
    const auto second = simulate(rig, &all);
    const Error refused =
        repeat([&](const std::string& key) { return second->delete_state(kNs, key); });
    CHECK(refused.message ==
          "the reads and writes of all running transactions take more than 100000 bytes "
          "(limits.transactionsBytes)");
  }
  CHECK(first->delete_state(kNs, "key"));  // It gives bytes back.
  CHECK(simulate(rig, &all)->set_state(kNs, "key", std::string(kMax / 2, 'v')));
}

}  // namespace ccbus::test
