#pragma once

#include <map>
#include <string>
#include <string_view>

namespace ccbus::bridge {

// The names of installed chaincodes, by package id: "basic_1.0:3f2a..." -> "basic".
using PackageNames = std::map<std::string, std::string, std::less<>>;

// The name under which a chaincode is known to the service, of the one that it registers by:
//
//   a package id of `packages`             the name that was given at its installation
//   label:<64 hexadecimal digits>          the label; without the version at its end, if it has one
//                                          ("basic_1.0" -> "basic")
//   anything else                          itself: the service takes "name" and "name:version"
//
// A chaincode as a service and one that a builder starts register by their package id: they are
// told no other name.
[[nodiscard]] std::string registered_name(std::string_view name, const PackageNames& packages);

}  // namespace ccbus::bridge
