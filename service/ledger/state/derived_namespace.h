#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace ccbus::ledger {

// The namespaces in which the state has a collection's values and their hashes. A chaincode's name
// has no '$', so no chaincode has one of these namespaces.
//
// Source: the names are Fabric's, core/ledger/kvledger/txmgmt/privacyenabledstate.
[[nodiscard]] inline std::string private_namespace(std::string_view ns,
                                                   std::string_view collection) {
  return std::string(ns).append("$$p").append(collection);
}
[[nodiscard]] inline std::string hash_namespace(std::string_view ns, std::string_view collection) {
  return std::string(ns).append("$$h").append(collection);
}

// The parts of such a namespace.
struct DerivedNamespace {
  enum class Kind { kPrivateValues, kHashes };
  Kind kind;
  std::string_view ns;
  std::string_view collection;
};

// Returns nullopt if it is the namespace of a chaincode.
[[nodiscard]] inline std::optional<DerivedNamespace> split_derived(std::string_view ns) {
  using Kind = DerivedNamespace::Kind;
  const std::size_t mark = ns.find("$$");
  if (mark == std::string_view::npos || mark + 2 == ns.size()) return std::nullopt;
  const char kind = ns[mark + 2];
  if (kind != 'p' && kind != 'h') return std::nullopt;
  return DerivedNamespace{kind == 'p' ? Kind::kPrivateValues : Kind::kHashes, ns.substr(0, mark),
                          ns.substr(mark + 3)};
}

}  // namespace ccbus::ledger
