#pragma once

#include <catch2/catch.hpp>
#include <optional>

#include "ccbus/client/identity.h"
#include "service/security/dev/dev_identities.h"
#include "tests/support/process.h"

namespace ccbus::load {

// A client of an organisation, with the folder of its MSP.
class Member {
 public:
  Member() {
    REQUIRE(security::DevIdentities::open(directory_.path(), "Org1MSP").has_value());
    identity_ = client::Identity::from_msp_folder(directory_.path() / "client", "Org1MSP");
  }
  [[nodiscard]] const client::Identity& identity() const { return *identity_; }

 private:
  test::TemporaryDirectory directory_;
  std::optional<client::Identity> identity_;
};

}  // namespace ccbus::load
