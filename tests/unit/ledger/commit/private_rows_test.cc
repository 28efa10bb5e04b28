#include "service/ledger/commit/private_rows.h"

#include <catch2/catch.hpp>

using namespace ccbus;
using namespace ccbus::ledger;

namespace {

const PrivateKey kKey{"basic", "coll", std::string(32, 'h')};

}  // namespace

TEST_CASE("the rows of a private key start alike and stand in order of versions", "[ledger]") {
  const std::string prefix = private_write_prefix(kKey);
  const std::string second = private_write_key(kKey, {2, 256});
  CHECK(second.starts_with(prefix));
  CHECK(private_write_key(kKey, {2, 3}) < second);
  CHECK(second < private_write_key(kKey, {256, 0}));
  const PrivateKey shifted{"basicc", "oll", std::string(32, 'h')};
  CHECK_FALSE(private_write_key(shifted, {2, 256}).starts_with(prefix));
}

TEST_CASE("a private write is read back as it was stored", "[ledger]") {
  PrivateWriteRow row;
  row.kind = PrivateWriteRow::Kind::kWritten;
  row.write.set_key("key");
  row.write.set_value("value");
  const auto read = decode_private_write(encode_private_write(row));
  REQUIRE(read);
  CHECK(read->kind == PrivateWriteRow::Kind::kWritten);
  CHECK(read->write.value() == "value");
  CHECK(decode_private_write(encode_private_write({}))->kind == PrivateWriteRow::Kind::kMissing);
  CHECK_FALSE(decode_private_write(""));
  CHECK_FALSE(decode_private_write("\x04"));
  CHECK_FALSE(decode_private_write("\x01garbage"));
}

TEST_CASE("an expiry is its key", "[ledger]") {
  const std::string stored = expiry_key({8, kKey, {2, 7}});
  const auto read = decode_expiry_key(stored);
  REQUIRE(read);
  CHECK(read->block_num == 8);
  CHECK(read->key.ns == "basic");
  CHECK(read->key.collection == "coll");
  CHECK(read->key.key_hash == kKey.key_hash);
  CHECK(read->version == Version{2, 7});
  CHECK(stored < expiry_key({9, kKey, {0, 0}}));
  for (std::size_t length = 0; length < stored.size(); ++length) {
    CHECK_FALSE(decode_expiry_key(std::string_view(stored).substr(0, length)));
  }
}
