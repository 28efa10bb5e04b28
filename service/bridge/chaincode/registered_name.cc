#include "service/bridge/chaincode/registered_name.h"

#include <algorithm>

namespace ccbus::bridge {
namespace {

constexpr std::size_t kHashDigits = 64;  // SHA-256.

bool is_package_hash(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  return text.size() == kHashDigits && text.find_first_not_of(kDigits) == std::string_view::npos;
}

// "basic_1.0" -> "basic"
std::string_view without_version(std::string_view label) {
  const auto at = label.rfind('_');
  if (at == std::string_view::npos || at == 0) return label;
  const std::string_view version = label.substr(at + 1);
  const bool is_version = !version.empty() && version.front() >= '0' && version.front() <= '9' &&
                          version.find_first_not_of("0123456789.") == std::string_view::npos;
  return is_version ? label.substr(0, at) : label;
}

}  // namespace

std::string registered_name(std::string_view name, const PackageNames& packages) {
  if (const auto at = packages.find(name); at != packages.end()) return at->second;
  const auto colon = name.rfind(':');
  if (colon == std::string_view::npos || !is_package_hash(name.substr(colon + 1))) {
    return std::string(name);
  }
  return std::string(without_version(name.substr(0, colon)));
}

}  // namespace ccbus::bridge
