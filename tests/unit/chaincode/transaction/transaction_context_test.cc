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

TEST_CASE("of one transaction there is one context, and a second does not touch it",
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

TEST_CASE("looking for a context that is not there, and removing it, change nothing",
          "[chaincode][row-47]") {
  TransactionContexts contexts;
  CHECK(contexts.find("ch1", "tx1") == nullptr);
  CHECK(contexts.remove("ch1", "tx1") == nullptr);
  CHECK(contexts.remove_if([](const TransactionContext&) { return true; }).empty());
  auto context = context_of("ch1", "tx1");
  contexts.add(context);
  CHECK(contexts.find("ch1", "tx2") == nullptr);
  CHECK(contexts.remove("ch2", "tx1") == nullptr);
  CHECK(contexts.size() == 1);
  CHECK(contexts.remove("ch1", "tx1") != nullptr);
  CHECK(contexts.size() == 0);
}

TEST_CASE("channel and transaction make the key, each for itself and also when empty",
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
