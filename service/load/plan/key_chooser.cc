#include "service/load/plan/key_chooser.h"

#include <algorithm>
#include <utility>

#include "service/load/plan/random_share.h"

namespace ccbus::load {
namespace {

// Called once for every access, so it avoids string streams; GCC 12 has no std::format.
std::string padded(std::string_view prefix, std::uint64_t number) {
  constexpr std::size_t kDigits = 8;
  const std::string digits = std::to_string(number);
  std::string name(prefix);
  name.append(kDigits - std::min(kDigits, digits.size()), '0');
  return name + digits;
}

}  // namespace

KeyChooser::KeyChooser(Options options) : options_(std::move(options)), random_(options_.seed) {}

std::uint64_t KeyChooser::below(std::uint64_t limit) {
  return static_cast<std::uint64_t>(random_share(random_) * static_cast<double>(limit));
}

std::string KeyChooser::next() {
  if (options_.keys == 0) return padded("new-" + options_.run + "-", new_keys_++);
  const bool is_hot = options_.hot_keys != 0 && random_share(random_) < options_.hot_share;
  return key_name(below(is_hot ? options_.hot_keys : options_.keys));
}

std::uint64_t KeyChooser::range_begin(std::uint64_t keys) {
  return below(options_.keys - std::min(keys, options_.keys) + 1);
}

std::string key_name(std::uint64_t number) {
  return padded("key-", number);
}

}  // namespace ccbus::load
