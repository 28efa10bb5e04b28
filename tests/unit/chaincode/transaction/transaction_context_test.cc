#include "service/chaincode/transaction/transaction_context.h"

#include <catch2/catch.hpp>

namespace ccbus::chaincode {
namespace {

std::unique_ptr<TransactionContext> context_of(const std::string& channel, const std::string& tx) {
  auto made = std::make_unique<TransactionContext>(TxKey{ChannelId{channel}, TxId{tx}}, "basic",
                                                   PendingCall([](ExecutionResult) {}));
  made->call.finish({});
  return made;
}

TEST_CASE("a transaction has one context, and adding a second one does not change it",
          "[chaincode][row-46]") {
  TransactionContexts contexts;
  auto first = context_of("ch1", "tx1");
  auto second = context_of("ch1", "tx1");
  TransactionContext* const added = contexts.add(first);
  REQUIRE(added != nullptr);
  CHECK(contexts.add(second) == nullptr);
  CHECK(second != nullptr);
  CHECK(contexts.find("ch1", "tx1") == added);
  CHECK(contexts.size() == 1);
}

TEST_CASE("finding or removing a context that does not exist changes nothing",
          "[chaincode][row-47]") {
  TransactionContexts contexts;
  CHECK(contexts.find("ch1", "tx1") == nullptr);
  CHECK(contexts.remove("ch1", "tx1") == nullptr);
  CHECK(contexts.find_if([](const TransactionContext&) { return true; }) == nullptr);
  auto context = context_of("ch1", "tx1");
  contexts.add(context);
  CHECK(contexts.find("ch1", "tx2") == nullptr);
  CHECK(contexts.remove("ch2", "tx1") == nullptr);
  CHECK(contexts.size() == 1);
  CHECK(contexts.remove("ch1", "tx1") != nullptr);
  CHECK(contexts.size() == 0);
}

TEST_CASE("contexts are found by channel and transaction id, which may be empty",
          "[chaincode][row-51]") {
  TransactionContexts contexts;
  const std::vector<std::pair<std::string, std::string>> keys = {
      {"", ""}, {"", "tx-1"}, {"chan-1", ""}, {"chan-1", "tx-1"}, {"", "chan-1tx-1"}};
  for (const auto& [channel, tx] : keys) {
    auto context = context_of(channel, tx);
    CHECK(contexts.add(context) != nullptr);
  }
  CHECK(contexts.size() == keys.size());
  for (const auto& [channel, tx] : keys) {
    REQUIRE(contexts.find(channel, tx) != nullptr);
    CHECK(contexts.find(channel, tx)->key == TxKey{ChannelId{channel}, TxId{tx}});
  }
}

}  // namespace
}  // namespace ccbus::chaincode
