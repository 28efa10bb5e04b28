#include "service/base/chaincode_names.h"

#include <catch2/catch.hpp>
#include <string>

namespace ccbus {
namespace {

TEST_CASE("a package's label stands for the chaincode's name, without its version",
          "[base][issue-17]") {
  CHECK(chaincode_name_of_label("basic") == "basic");
  CHECK(chaincode_name_of_label("basic_1") == "basic");
  CHECK(chaincode_name_of_label("basic_1.0.12") == "basic");
  CHECK(chaincode_name_of_label("asset_transfer_2.1") == "asset_transfer");
  CHECK(chaincode_name_of_label("basic_v1") == "basic_v1");
  CHECK(chaincode_name_of_label("basic_.1") == "basic_.1");
  CHECK(chaincode_name_of_label("basic_") == "basic_");
  CHECK(chaincode_name_of_label("_1") == "_1");
}

TEST_CASE("labels of packages have Fabric's form", "[base][issue-17]") {
  for (const char* label : {"basic_1.0", "a", "9", "a+b-c_d.e"}) CHECK(is_package_label(label));
  for (const char* label : {"", "_a", ".a", "a b", "a:b", "a/b", "\xc3\xa4"}) {
    CAPTURE(label);
    CHECK_FALSE(is_package_label(label));
  }
  CHECK(is_package_label(std::string(255, 'a')));
  CHECK_FALSE(is_package_label(std::string(256, 'a')));
}

TEST_CASE("names of chaincodes have letters, digits, _ and -", "[base][issue-17]") {
  for (const char* name : {"basic", "a-b_c", "1"}) CHECK(is_chaincode_name(name));
  for (const char* name : {"", "-a", "a.b", "a+b", "a b"}) {
    CAPTURE(name);
    CHECK_FALSE(is_chaincode_name(name));
  }
}

}  // namespace
}  // namespace ccbus
