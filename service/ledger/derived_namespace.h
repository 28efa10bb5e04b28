#pragma once

#include <string>
#include <string_view>

namespace ccbus::ledger {

// Where the values of a collection stand in the state, and their hashes. A chaincode's name holds
// no '$', so that no other namespace reads like one of these.
//
// Source: the names are Fabric's, core/ledger/kvledger/txmgmt/privacyenabledstate.
[[nodiscard]] inline std::string private_namespace(std::string_view ns,
                                                   std::string_view collection) {
  return std::string(ns).append("$$p").append(collection);
}
[[nodiscard]] inline std::string hash_namespace(std::string_view ns, std::string_view collection) {
  return std::string(ns).append("$$h").append(collection);
}

}  // namespace ccbus::ledger
