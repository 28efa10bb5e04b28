#include "service/ledger/validate/channel_config_writes.h"

#include <catch2/catch.hpp>

#include "service/ledger/policy/channel_config.h"
#include "tests/support/channel_of.h"

namespace ccbus::ledger {
namespace {

TxRwset writing(const std::string& key, const std::string& value) {
  TxRwset rwset(2);
  rwset[0].ns = "basic";
  rwset[0].kv.add_writes()->set_key("config");
  rwset[1].ns = "_channel";
  auto& write = *rwset[1].kv.add_writes();
  write.set_key(key);
  write.set_value(value);
  return rwset;
}

TEST_CASE("a configuration is written whole, and follows the one before", "[ledger][row-249]") {
  const ccbus::ChannelConfig first = test::channel_of({"Org1MSP"});
  ccbus::ChannelConfig second = first;
  second.set_sequence(2);
  const std::string bytes = encode_channel_config(first);
  CHECK(has_sound_config_writes(writing("config", bytes), nullptr));
  CHECK_FALSE(has_sound_config_writes(writing("config", bytes), &first));
  CHECK(has_sound_config_writes(writing("config", encode_channel_config(second)), &first));
  CHECK_FALSE(has_sound_config_writes(writing("config", encode_channel_config(second)), nullptr));
  CHECK_FALSE(has_sound_config_writes(writing("config", "x"), nullptr));
  CHECK_FALSE(has_sound_config_writes(writing("other", bytes), nullptr));
  CHECK_FALSE(has_sound_config_writes(writing("config", ""), &first));
}

TEST_CASE("nothing but the one key is written to the configuration's namespace",
          "[ledger][row-249]") {
  const std::string bytes = encode_channel_config(test::channel_of({"Org1MSP"}));
  TxRwset rwset = writing("config", bytes);
  SECTION("two keys") {
    rwset[1].kv.add_writes()->set_key("other");
  }
  SECTION("a delete") {
    rwset[1].kv.mutable_writes(0)->set_is_delete(true);
  }
  SECTION("metadata") {
    rwset[1].kv.add_metadata_writes()->set_key("config");
  }
  SECTION("a collection") {
    rwset[1].collections.push_back({"secret", {}, {}});
  }
  CHECK_FALSE(has_sound_config_writes(rwset, nullptr));
}

TEST_CASE("a transaction that does not write a configuration is sound", "[ledger]") {
  TxRwset rwset = writing("config", "");
  rwset.pop_back();
  CHECK(has_sound_config_writes(rwset, nullptr));
  rwset.push_back({"_channel", {}, {}});
  rwset.back().kv.add_reads()->set_key("config");
  CHECK(has_sound_config_writes(rwset, nullptr));
}

}  // namespace
}  // namespace ccbus::ledger
