#include "service/base/chaincode_names.h"

#include "service/base/name_rule.h"

namespace ccbus {
namespace {

constexpr NameRule kChaincodeName{kLettersAndDigits, kLettersAndDigits | "_-"};
constexpr NameRule kPackageLabel{kLettersAndDigits, kLettersAndDigits | "_.+-"};

}  // namespace

bool is_chaincode_name(std::string_view name) {
  return is_name(name, kChaincodeName, kChaincodeNameBytesMax);
}

bool is_package_label(std::string_view label) {
  return is_name(label, kPackageLabel, kPackageLabelBytesMax);
}

std::string chaincode_name_of_label(std::string_view label) {
  const auto at = label.rfind('_');
  if (at == std::string_view::npos || at == 0) return std::string(label);
  const std::string_view version = label.substr(at + 1);
  const bool is_version = !version.empty() && version.front() >= '0' && version.front() <= '9' &&
                          version.find_first_not_of("0123456789.") == std::string_view::npos;
  return std::string(is_version ? label.substr(0, at) : label);
}

}  // namespace ccbus
