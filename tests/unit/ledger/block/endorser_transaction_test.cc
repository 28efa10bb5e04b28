#include "service/ledger/block/endorser_transaction.h"

#include <catch2/catch.hpp>

#include "ccbus/definition.pb.h"
#include "tests/support/ledger_rig.h"
#include "tests/support/transaction_parts.h"

using namespace ccbus;
using namespace ccbus::ledger;
using namespace ccbus::test;

namespace {

const std::string kGarbage = "\xff\xff\xff";

rwset::TxReadWriteSet one_write() {
  RwsetBuilder builder;
  builder.add_write(kNs, "key", "value");
  return builder.build();
}

protos::TxValidationCode code(const std::string& envelope) {
  const TransactionFrame frame = read_frame(envelope, kChannel);
  return frame.code == protos::VALID ? read_body(frame).code : frame.code;
}

template <class Break>
protos::TxValidationCode broken(Break&& break_it) {
  TransactionParts parts(kChannel, "tx", one_write());
  break_it(parts);
  return code(parts.envelope().bytes);
}

}  // namespace

TEST_CASE("a sound transaction gives its id and its read-write set", "[ledger]") {
  const OrderedEnvelope envelope = TransactionParts(kChannel, "tx", one_write()).envelope();
  const TransactionFrame frame = read_frame(envelope.bytes, kChannel);
  REQUIRE(frame.code == protos::VALID);
  CHECK(frame.tx_id == tx_id_of("tx"));
  const TransactionBody body = read_body(frame);
  REQUIRE(body.code == protos::VALID);
  REQUIRE(body.rwset.size() == 1);
  CHECK(body.rwset[0].ns == kNs);
  CHECK(body.rwset[0].kv.writes(0).key() == "key");
}

TEST_CASE("a sound transaction gives the chaincode's version, if it has one", "[ledger]") {
  TransactionParts parts(kChannel, "tx", one_write());
  const auto version = [&] {
    return read_body(read_frame(parts.envelope().bytes, kChannel)).chaincode_version;
  };
  CHECK(version().empty());
  parts.action.mutable_chaincode_id()->set_version("1.0");
  CHECK(version() == "1.0");
}

TEST_CASE("an envelope that cannot be read has a code that says where", "[ledger]") {
  CHECK(code("") == protos::NIL_ENVELOPE);
  CHECK(code(kGarbage) == protos::NIL_ENVELOPE);
  common::Envelope only_signed;
  only_signed.set_signature("signature");
  CHECK(code(only_signed.SerializeAsString()) == protos::BAD_PAYLOAD);
  CHECK(broken([](auto& p) { p.raw_payload = kGarbage; }) == protos::BAD_PAYLOAD);
  CHECK(broken([](auto& p) {
          p.raw_payload = common::Payload().SerializeAsString() + "\x12\x01x";
        }) == protos::BAD_COMMON_HEADER);
  CHECK(broken([](auto& p) { p.raw_channel_header = kGarbage; }) == protos::BAD_CHANNEL_HEADER);
  CHECK(broken([](auto& p) { p.raw_signature_header = kGarbage; }) == protos::BAD_COMMON_HEADER);
  CHECK(broken([](auto& p) { p.raw_transaction = kGarbage; }) ==
        protos::INVALID_ENDORSER_TRANSACTION);
  CHECK(broken([](auto& p) { p.raw_response_payload = kGarbage; }) == protos::BAD_RESPONSE_PAYLOAD);
  CHECK(broken([](auto& p) { p.raw_action = kGarbage; }) == protos::BAD_RESPONSE_PAYLOAD);
  CHECK(broken([](auto& p) { p.action.set_results(kGarbage); }) == protos::BAD_RWSET);
  CHECK(broken([](auto& p) { p.channel_header.set_extension(kGarbage); }) ==
        protos::BAD_HEADER_EXTENSION);
}

TEST_CASE("a header must be that of an endorser transaction of this channel", "[ledger]") {
  CHECK(broken([](auto& p) { p.channel_header.set_type(common::MESSAGE); }) ==
        protos::BAD_COMMON_HEADER);
  CHECK(broken([](auto& p) { p.channel_header.set_type(common::CONFIG); }) ==
        protos::UNSUPPORTED_TX_PAYLOAD);
  CHECK(broken([](auto& p) { p.channel_header.set_epoch(1); }) == protos::BAD_COMMON_HEADER);
  CHECK(broken([](auto& p) { p.channel_header.set_channel_id("ch2"); }) ==
        protos::TARGET_CHAIN_NOT_FOUND);
  CHECK(broken([](auto& p) { p.channel_header.set_tx_id("other"); }) == protos::BAD_PROPOSAL_TXID);
  CHECK(broken([](auto& p) { p.signature_header.clear_nonce(); }) == protos::BAD_COMMON_HEADER);
  CHECK(broken([](auto& p) { p.signature_header.clear_creator(); }) == protos::BAD_COMMON_HEADER);
}

TEST_CASE("a transaction has one action, which answers its own proposal", "[ledger]") {
  CHECK(broken([](auto& p) { p.actions = 0; }) == protos::INVALID_ENDORSER_TRANSACTION);
  CHECK(broken([](auto& p) { p.actions = 2; }) == protos::INVALID_ENDORSER_TRANSACTION);
  CHECK(broken([](auto& p) { p.raw_proposal_hash = "of another"; }) ==
        protos::INVALID_ENDORSER_TRANSACTION);
  CHECK(broken([](auto& p) { p.action.mutable_chaincode_id()->set_name("other"); }) ==
        protos::INVALID_CHAINCODE);
  CHECK(broken([](auto& p) { p.action.clear_chaincode_id(); }) == protos::INVALID_CHAINCODE);
}

TEST_CASE("a read-write set that no simulation gives is refused", "[ledger]") {
  const auto with = [](const rwset::TxReadWriteSet& set) {
    return code(TransactionParts(kChannel, "tx", set).envelope().bytes);
  };
  rwset::TxReadWriteSet twice = one_write();
  *twice.add_ns_rwset() = twice.ns_rwset(0);
  CHECK(with(twice) == protos::ILLEGAL_WRITESET);

  rwset::TxReadWriteSet undecodable = one_write();
  undecodable.mutable_ns_rwset(0)->set_rwset(kGarbage);
  CHECK(with(undecodable) == protos::BAD_RWSET);

  rwset::TxReadWriteSet degree_one = one_write();
  kvrwset::KVRWSet set;
  set.add_range_queries_info()->mutable_reads_merkle_hashes()->set_max_degree(1);
  degree_one.mutable_ns_rwset(0)->set_rwset(set.SerializeAsString());
  CHECK(with(degree_one) == protos::BAD_RWSET);

  rwset::TxReadWriteSet dollar = one_write();
  dollar.mutable_ns_rwset(0)->set_namespace_("basic$$psecrets");
  CHECK(with(dollar) == protos::INVALID_CHAINCODE);
}

TEST_CASE("hashed sets of collections are read, and bad ones refused", "[ledger]") {
  const auto code_of = [](const std::vector<std::string>& names, const kvrwset::HashedRWSet& set) {
    rwset::TxReadWriteSet results = one_write();
    for (const std::string& name : names) {
      rwset::CollectionHashedReadWriteSet& out =
          *results.mutable_ns_rwset(0)->add_collection_hashed_rwset();
      out.set_collection_name(name);
      out.set_hashed_rwset(set.SerializeAsString());
    }
    return code(TransactionParts(kChannel, "tx", results).envelope().bytes);
  };
  kvrwset::HashedRWSet sound;
  sound.add_hashed_reads()->set_key_hash(std::string(32, 'h'));
  CHECK(code_of({"one", "two"}, sound) == protos::VALID);
  CHECK(code_of({"one", "one"}, sound) == protos::ILLEGAL_WRITESET);

  kvrwset::HashedRWSet short_key;
  short_key.add_hashed_reads()->set_key_hash(std::string(31, 'h'));
  CHECK(code_of({"one"}, short_key) == protos::BAD_RWSET);

  kvrwset::HashedRWSet short_value;
  short_value.add_hashed_writes()->set_key_hash(std::string(32, 'h'));
  short_value.mutable_hashed_writes(0)->set_value_hash("short");
  CHECK(code_of({"one"}, short_value) == protos::BAD_RWSET);
}

TEST_CASE("only a definition is written where definitions are", "[ledger]") {
  const auto code_of = [](const std::string& value) {
    kvrwset::KVRWSet set;
    set.add_writes()->set_key("basic");
    set.mutable_writes(0)->set_value(value);
    rwset::TxReadWriteSet results = one_write();
    results.mutable_ns_rwset(0)->set_namespace_("_lifecycle");
    results.mutable_ns_rwset(0)->set_rwset(set.SerializeAsString());
    return code(TransactionParts(kChannel, "tx", results).envelope().bytes);
  };
  ccbus::ChaincodeDefinition definition;
  definition.set_name("basic");
  CHECK(code_of(definition.SerializeAsString()) == protos::VALID);
  CHECK(code_of(kGarbage) == protos::INVALID_WRITESET);
}

TEST_CASE("cutting a transaction short anywhere gives a code and nothing else", "[ledger]") {
  const std::string whole = TransactionParts(kChannel, "tx", one_write()).envelope().bytes;
  for (std::size_t length = 0; length < whole.size(); ++length) {
    CHECK(code(whole.substr(0, length)) != protos::VALID);
  }
  CHECK(code(whole) == protos::VALID);
}
