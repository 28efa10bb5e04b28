#include "service/ledger/state/state_encoding.h"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace ccbus::ledger;
using namespace std::string_literals;

namespace {

std::string key(std::string_view ns, std::string_view key) {
  return std::string(StateKey(ns, key).bytes());
}

}  // namespace

TEST_CASE("two different keys never share a database key", "[ledger]") {
  const std::vector<std::pair<std::string, std::string>> all = {{"", ""},
                                                                {"", "a"},
                                                                {"a", ""},
                                                                {"a", "b"},
                                                                {"ab", ""},
                                                                {"", "ab"},
                                                                {"a", "\0b"s},
                                                                {"a\0"s, "b"},
                                                                {"a", "\0"s},
                                                                {"a\0"s, ""},
                                                                {"a", "\xff"},
                                                                {"a\xff", ""},
                                                                {std::string(300, 'n'), "k"},
                                                                {"n", std::string(300, 'k')}};
  std::vector<std::string> stored;
  for (const auto& [ns, name] : all) stored.push_back(key(ns, name));
  std::sort(stored.begin(), stored.end());
  CHECK(std::adjacent_find(stored.begin(), stored.end()) == stored.end());
}

TEST_CASE("within a namespace database keys sort as the keys do", "[ledger]") {
  const std::vector<std::string> sorted = {"", "\0"s, "\0\0"s, "a", "a\0"s, "ab", "b", "\xff"};
  for (const std::string& ns : {"basic"s, ""s, std::string(200, 'n')}) {
    for (std::size_t i = 1; i < sorted.size(); ++i) {
      CHECK(key(ns, sorted[i - 1]) < key(ns, sorted[i]));
    }
  }
}

TEST_CASE("a namespace's keys lie between its prefix and its end, and no others", "[ledger]") {
  const std::vector<std::string> namespaces = {"",         "a", "a\xff",
                                               "\xff\xff", "b", std::string(255, '\xff')};
  for (const std::string& ns : namespaces) {
    for (const std::string& other : namespaces) {
      for (const std::string& name : {""s, "\0"s, "k"s, "\xff\xff\xff"s}) {
        const std::string stored = key(other, name);
        const bool inside = stored >= namespace_prefix(ns) && stored < namespace_end(ns);
        CHECK(inside == (ns == other));
      }
    }
  }
}

TEST_CASE("a stored value gives back its parts", "[ledger]") {
  for (const std::string& value : {"v"s, ""s, "\0\0"s, std::string(1000, 'x')}) {
    for (const std::string& metadata : {""s, "m"s, "\0\1\2"s}) {
      const Version version{1ull << 40, 70'000};
      const std::string stored = encode_state_value({value, metadata, version});
      const auto parts = decode_state_value(stored);
      REQUIRE(parts);
      CHECK(parts->value == value);
      CHECK(parts->metadata == metadata);
      CHECK(parts->version == version);
    }
  }
}

TEST_CASE("bytes that are no stored value are refused", "[ledger]") {
  const std::string stored = encode_state_value({"v", "", Version{1, 2}});
  CHECK_FALSE(decode_state_value(""));
  CHECK_FALSE(decode_state_value(stored.substr(2)));
  std::string unknown_layout = stored;
  unknown_layout.back() = 9;
  CHECK_FALSE(decode_state_value(unknown_layout));
  std::string no_room_for_metadata = stored;
  no_room_for_metadata.back() = 2;
  CHECK_FALSE(decode_state_value(no_room_for_metadata));
  CHECK_FALSE(decode_state_value("\xff\xff\xff\xff" + std::string(12, '\0') + "\2"));
}
