#include "service/gateway/admin/ledger_answers.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "service/ledger/block/block.h"
#include "tests/support/gateway_rig.h"

namespace ccbus::test {
namespace {

using Catch::Matchers::Contains;

struct LookUpRig : GatewayRig {
  ccbus::ClientRequest question;

  LookUpRig() { question.mutable_ledger()->set_channel_id(kChannel.value); }

  ccbus::LedgerRequest& query() { return *question.mutable_ledger(); }

  const ccbus::ClientResponse& ask() {
    answers().clear();
    request(question);
    chaincode.run_jobs();
    REQUIRE(answers().size() == 1);
    CHECK(gateway.requests_open() == 0);
    return answers()[0];
  }
};

TEST_CASE("the chain info has the height and the hashes", "[gateway]") {
  LookUpRig rig;
  rig.query().mutable_chain_info();
  CHECK(rig.ask().ledger().chain_info().height() == 0);
  rig.commit("a");
  rig.commit("b");
  const auto& info = rig.ask().ledger().chain_info();
  CHECK(info.height() == 2);
  CHECK(info.current_block_hash() == rig.ledger.ledger().last_block_hash());
  CHECK(info.previous_block_hash().size() == 32);
}

TEST_CASE("blocks are found by number and by transaction", "[gateway][issue-3]") {
  LookUpRig rig;
  rig.commit("a");
  const std::string tx = rig.commit("b");
  rig.query().mutable_block_by_number()->set_number(1);
  const std::string block = rig.ask().ledger().block().SerializeAsString();
  CHECK(rig.answers()[0].ledger().block().header().number() == 1);
  rig.query().mutable_block_by_tx_id()->set_transaction_id(tx);
  CHECK(rig.ask().ledger().block().SerializeAsString() == block);

  rig.query().mutable_block_by_number()->set_number(2);
  CHECK(rig.ask().status().code() == ccbus::NOT_FOUND);
  CHECK(rig.answers()[0].status().message() == "channel ch1 has no block 2: its height is 2");
}

TEST_CASE("a transaction is found by its id, with its envelope and its outcome",
          "[gateway][issue-3]") {
  LookUpRig rig;
  const std::string tx = rig.commit("a");
  rig.query().mutable_transaction_by_id()->set_transaction_id(tx);
  const auto& found = rig.ask().ledger().transaction();
  CHECK(found.block_number() == 0);
  CHECK(found.tx_number() == 0);
  CHECK(found.transaction().validationcode() == protos::VALID);
  common::Payload payload;
  common::ChannelHeader header;
  REQUIRE(payload.ParseFromString(found.transaction().transactionenvelope().payload()));
  REQUIRE(header.ParseFromString(payload.header().channel_header()));
  CHECK(header.tx_id() == tx);

  rig.query().mutable_transaction_by_id()->set_transaction_id("nobody");
  CHECK(rig.ask().status().message() == "channel ch1 has no transaction nobody");
}

TEST_CASE("a key is shown with its version", "[gateway]") {
  LookUpRig rig;
  rig.commit("a");
  rig.commit("k");
  rig.query().mutable_key()->set_namespace_("basic");
  rig.query().mutable_key()->set_key("k");
  CHECK(rig.ask().ledger().key().value() == "v");
  CHECK(rig.answers()[0].ledger().key().version().block_num() == 1);
  rig.query().mutable_key()->set_key("nowhere");
  CHECK(rig.ask().status().message() == "namespace basic has no key 'nowhere'");
  rig.query().mutable_key()->set_namespace_("basic$$psecret");
  CHECK(rig.ask().status().code() == ccbus::INVALID_ARGUMENT);
}

TEST_CASE("a range is returned in pages to its end", "[gateway]") {
  LookUpRig rig;  // Pages of ten.
  for (const char* key : {"a", "b", "c", "d", "e"}) rig.commit(key);
  auto& range = *rig.query().mutable_range();
  range.set_namespace_("basic");
  range.set_start("b");
  range.set_page_size(3);
  CHECK(rig.ask().ledger().range().entries_size() == 3);
  CHECK(rig.answers()[0].ledger().range().entries(0).key() == "b");
  CHECK(rig.answers()[0].ledger().range().bookmark() == "e");
  range.set_bookmark("e");
  CHECK(rig.ask().ledger().range().entries_size() == 1);
  CHECK(rig.answers()[0].ledger().range().bookmark().empty());
  range.set_end("c");
  range.clear_bookmark();
  CHECK(rig.ask().ledger().range().entries_size() == 1);
}

TEST_CASE("a history is returned in pages, newest first, also while it grows", "[gateway]") {
  LookUpRig rig;
  std::vector<std::string> ids;
  for (int i = 0; i < 3; ++i) ids.push_back(rig.commit("k"));
  auto& history = *rig.query().mutable_history();
  history.set_namespace_("basic");
  history.set_key("k");
  history.set_page_size(2);
  CHECK(rig.ask().ledger().history().modifications(0).tx_id() == ids[2]);
  history.set_bookmark(rig.answers()[0].ledger().history().bookmark());
  CHECK(history.bookmark() == ids[1]);
  rig.commit("k");
  const auto& rest = rig.ask().ledger().history();
  REQUIRE(rest.modifications_size() == 1);
  CHECK(rest.modifications(0).tx_id() == ids[0]);
  CHECK(rest.bookmark().empty());
  history.set_bookmark("nobody");
  CHECK_THAT(rig.ask().status().message(), Contains("'nobody' is no transaction"));
}

TEST_CASE("a look-up in an unknown channel, or without a query, is refused", "[gateway]") {
  LookUpRig rig;
  CHECK(rig.ask().status().code() == ccbus::INVALID_ARGUMENT);
  rig.query().mutable_chain_info();
  rig.query().set_channel_id("nowhere");
  CHECK(rig.ask().status().code() == ccbus::NOT_FOUND);
}

}  // namespace
}  // namespace ccbus::test
