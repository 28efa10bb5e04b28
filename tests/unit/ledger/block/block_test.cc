#include "service/ledger/block/block.h"

#include <catch2/catch.hpp>

#include "service/base/hex.h"
#include "service/base/sha256.h"

using namespace ccbus;
using namespace ccbus::ledger;
using namespace std::string_literals;

namespace {

common::BlockHeader header(std::uint64_t number, const std::string& previous,
                           const std::string& data) {
  common::BlockHeader out;
  out.set_number(number);
  out.set_previous_hash(previous);
  out.set_data_hash(data);
  return out;
}

}  // namespace

TEST_CASE("a header's hash is that of its DER encoding", "[ledger]") {
  CHECK(header_hash(header(0, "", "")) == sha256({"\x30\x07\x02\x01\x00\x04\x00\x04\x00"s}));
  CHECK(header_hash(header(7, "ab", "c")) ==
        sha256({"\x30\x0a\x02\x01\x07\x04\x02"s + "ab" + "\x04\x01"s + "c"}));
  // A number with its highest bit set gets a zero in front: the integer is signed.
  CHECK(header_hash(header(128, "", "")) == sha256({"\x30\x08\x02\x02\x00\x80\x04\x00\x04\x00"s}));
  CHECK(header_hash(header(256, "", "")) == sha256({"\x30\x08\x02\x02\x01\x00\x04\x00\x04\x00"s}));
  const std::string longest(200, 'h');
  CHECK(header_hash(header(1, longest, "")) ==
        sha256({"\x30\x81\xd0\x02\x01\x01\x04\x81\xc8"s, longest, "\x04\x00"s}));
}

TEST_CASE("a block's data hash is that of its envelopes, one after the other", "[ledger]") {
  common::BlockData data;
  CHECK(to_hex(data_hash(data)) ==
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  data.add_data("a");
  data.add_data("bc");
  CHECK(to_hex(data_hash(data)) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("a block holds its envelopes in order and a code for each", "[ledger]") {
  const common::Block block = make_block(3, "previous", {{TxId{"a"}, "one"}, {TxId{"b"}, "two"}},
                                         {protos::VALID, protos::INVALID_OTHER_REASON});
  CHECK(block.header().number() == 3);
  CHECK(block.header().previous_hash() == "previous");
  CHECK(block.header().data_hash() == sha256({"onetwo"}));
  CHECK(block.data().data(0) == "one");
  CHECK(block.data().data(1) == "two");
  CHECK(block.metadata().metadata(common::TRANSACTIONS_FILTER) == "\x00\xff"s);
}
