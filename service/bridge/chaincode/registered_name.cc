#include "service/bridge/chaincode/registered_name.h"

#include "service/base/chaincode_names.h"

namespace ccbus::bridge {
namespace {

constexpr std::size_t kHashDigits = 64;  // SHA-256.

bool is_package_hash(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  return text.size() == kHashDigits && text.find_first_not_of(kDigits) == std::string_view::npos;
}

}  // namespace

std::string registered_name(std::string_view name, const PackageNames& packages) {
  if (const auto at = packages.find(name); at != packages.end()) return at->second;
  const auto colon = name.rfind(':');
  if (colon == std::string_view::npos || !is_package_hash(name.substr(colon + 1))) {
    return std::string(name);
  }
  return chaincode_name_of_label(name.substr(0, colon));
}

}  // namespace ccbus::bridge
