#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ccbus {

inline constexpr std::size_t kChaincodeNameBytesMax = 255;
inline constexpr const char* kChaincodeNameForm = "letters, digits, _ and -, at most 255";
inline constexpr std::size_t kPackageLabelBytesMax = 255;

// Returns whether a text may be the name of a chaincode.
[[nodiscard]] bool is_chaincode_name(std::string_view name);

// Returns whether a text may be the label of a chaincode package: [[:alnum:]][[:alnum:]_.+-]*, as
// in Fabric, of at most kPackageLabelBytesMax bytes.
[[nodiscard]] bool is_package_label(std::string_view label);

// Returns the name of the chaincode that a package's label stands for: the label without the
// version at its end, if it has one. "basic_1.0" -> "basic"; "basic_v1" stays as it is.
[[nodiscard]] std::string chaincode_name_of_label(std::string_view label);

}  // namespace ccbus
