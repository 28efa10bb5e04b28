#include "service/bridge/chaincode/registered_name.h"

#include <catch2/catch.hpp>

namespace ccbus::bridge {
namespace {

const std::string kHash(64, 'a');

TEST_CASE("a chaincode registers by its name, with its version, or by a package id",
          "[bridge][issue-17]") {
  const PackageNames installed{{"asset_1:" + kHash, "assets"}};
  CHECK(registered_name("basic", {}) == "basic");
  CHECK(registered_name("basic:1.0", {}) == "basic:1.0");  // The service takes it so.
  CHECK(registered_name("basic:" + kHash, {}) == "basic");
  CHECK(registered_name("basic_1.0:" + kHash, {}) == "basic");
  CHECK(registered_name("asset_1:" + kHash, installed) == "assets");
  CHECK(registered_name("asset_1:" + std::string(64, 'b'), installed) == "asset");
}

TEST_CASE("what only looks like a package id or a version is part of the name",
          "[bridge][issue-17]") {
  CHECK(registered_name("basic:" + std::string(63, 'a'), {}) == "basic:" + std::string(63, 'a'));
  CHECK(registered_name("basic:" + std::string(64, 'A'), {}) == "basic:" + std::string(64, 'A'));
  CHECK(registered_name("asset_transfer:" + kHash, {}) == "asset_transfer");
  CHECK(registered_name("asset_v1:" + kHash, {}) == "asset_v1");
  CHECK(registered_name("asset_:" + kHash, {}) == "asset_");
  CHECK(registered_name("_1:" + kHash, {}) == "_1");
}

}  // namespace
}  // namespace ccbus::bridge
