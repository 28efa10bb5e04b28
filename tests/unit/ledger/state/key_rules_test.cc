#include "service/ledger/state/key_rules.h"

#include <catch2/catch.hpp>
#include <string>

using namespace ccbus;
using namespace ccbus::ledger;

namespace {

std::string key_refusal(const std::string& key) {
  const auto checked = check_key(StateDatabase::kCouchDb, key);
  return checked ? "accepted" : checked.error().message;
}

std::string value_refusal(const std::string& value) {
  const auto checked = check_write(StateDatabase::kCouchDb, "k", value);
  return checked ? "accepted" : checked.error().message;
}

}  // namespace

TEST_CASE("with CouchDB a key is UTF-8, not empty, and does not begin with an underscore",
          "[ledger][row-168]") {
  CHECK(key_refusal("_k") == "invalid key [_k], cannot begin with \"_\"");
  CHECK(key_refusal("_") == "invalid key [_], cannot begin with \"_\"");
  CHECK(key_refusal("") == "invalid key. Empty string is not supported as a key by couchdb");
  CHECK(key_refusal("a\xff") == "invalid key [61ff], must be a UTF-8 string");
  CHECK(key_refusal("_\xff") == "invalid key [5fff], must be a UTF-8 string");
  for (const std::string& key :
       {std::string("k"), std::string("k_"), std::string(" _"), std::string("\0type\0a\0", 8),
        std::string("\xc3\xa4"), std::string("~version")}) {
    INFO(key);
    CHECK(key_refusal(key) == "accepted");
  }
  CHECK(check_write(StateDatabase::kCouchDb, "_k", "").error().message == key_refusal("_k"));
}

TEST_CASE("with CouchDB a document has no field of CouchDB's or Fabric's at its top",
          "[ledger][row-169]") {
  const auto refused = [](const std::string& field) {
    return "field [" + field + "] is not valid for the CouchDB state database";
  };
  CHECK(value_refusal(R"({"_id":"x"})") == refused("_id"));
  CHECK(value_refusal(R"({"a":1,"_rev":"1"})") == refused("_rev"));
  CHECK(value_refusal(R"({"~version":"1"})") == refused("~version"));
  CHECK(value_refusal(R"({"_anything":null})") == refused("_anything"));
  CHECK(value_refusal(R"({"\u005fid":1})") == refused("_id"));
  CHECK(value_refusal("{\"_\xff\":1}") == refused("_\xef\xbf\xbd"));
  for (const char* value :
       {"", "null", R"(["_id"])", R"("_id")", R"({"a":{"_id":1}})", R"({"version":1})",
        R"({"a_":1})", R"({"_id":1} x)", R"({"_id":1e400})", R"({"_id":)", "_id"}) {
    INFO(value);
    CHECK(value_refusal(value) == "accepted");
  }
}

TEST_CASE("the embedded database takes every key and every value", "[ledger][row-168][row-169]") {
  for (const char* key : {"", "_k", "\xff"}) {
    CHECK(check_key(StateDatabase::kEmbedded, key));
    CHECK(check_write(StateDatabase::kEmbedded, key, R"({"_id":1})"));
  }
}
