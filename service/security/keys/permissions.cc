#include "service/security/keys/permissions.h"

#include <fnmatch.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <system_error>
#include <utility>

namespace ccbus::security {
namespace {

constexpr std::array<std::string_view, static_cast<std::size_t>(Right::kCount)> kRightNames = {
    "evaluate", "submit", "events", "read", "define", "channels", "maintain", "keys"};

constexpr std::string_view kRegister = "register";
constexpr std::string_view kChannels = "channels";
constexpr std::string_view kRights = "rights";
constexpr std::string_view kSnapshots = "snapshots";
constexpr std::string_view kExpires = "expires";
constexpr std::string_view kRequests = "requests";
constexpr std::string_view kAttributes = "attributes";
constexpr std::array kProperties = {kRegister, kChannels, kRights,    kSnapshots,
                                    kExpires,  kRequests, kAttributes};

constexpr std::string_view kSigned = "signed";  // The only value of `requests`.

// Begins the names of the attributes that Fabric itself gives.
constexpr std::string_view kReserved = "hf.";

constexpr char kEverything[] = "*";

// Words for several rights.
struct Group {
  std::string_view name;
  unsigned long bits;
};
constexpr std::array kGroups = {Group{"client", 0x0f}, Group{"admin", 0xf0}, Group{"all", 0xff}};

// The words of a list, which are separated by commas or blanks.
std::vector<std::string> words_of(std::string_view list) {
  constexpr std::string_view kBetween = ", ";
  std::vector<std::string> words;
  while (true) {
    list.remove_prefix(std::min(list.find_first_not_of(kBetween), list.size()));
    if (list.empty()) return words;
    const auto end = std::min(list.find_first_of(kBetween), list.size());
    words.emplace_back(list.substr(0, end));
    list.remove_prefix(end);
  }
}

template <class Range, class TextOf>
std::string joined(const Range& range, TextOf&& text_of) {
  std::string text;
  for (const auto& item : range) text += (text.empty() ? "" : ", ") + std::string(text_of(item));
  return text;
}

Error wrong(std::string_view property, std::string_view value, std::string_view allowed) {
  return {ErrorCode::kInvalid,
          std::string(property) + ": '" + std::string(value) + "' is not " + std::string(allowed)};
}

Result<Permissions::Rights> parse_rights(std::string_view list) {
  Permissions::Rights rights;
  for (const std::string& word : words_of(list)) {
    const auto group = std::ranges::find(kGroups, word, &Group::name);
    const auto right = std::ranges::find(kRightNames, word);
    if (group != kGroups.end()) {
      rights |= Permissions::Rights(group->bits);
    } else if (right != kRightNames.end()) {
      rights.set(static_cast<std::size_t>(right - kRightNames.begin()));
    } else {
      return unexpected(wrong(kRights, word, "one of " + joined(kRightNames, [](auto name) {
                                               return name;
                                             }) + "; client, admin, all"));
    }
  }
  return rights;
}

Result<std::map<std::string, std::string>> parse_attributes(std::string_view list) {
  std::map<std::string, std::string> attributes;
  for (const std::string& word : words_of(list)) {
    const auto equals = word.find('=');
    if (equals == std::string::npos || equals == 0 || word.starts_with(kReserved)) {
      return unexpected(wrong(kAttributes, word,
                              "a name and a value like role=auditor, with a "
                              "name that does not begin with hf."));
    }
    if (!attributes.emplace(word.substr(0, equals), word.substr(equals + 1)).second) {
      return unexpected(wrong(kAttributes, word, "the only value of that name"));
    }
  }
  return attributes;
}

Result<std::chrono::sys_seconds> parse_time(const std::string& text) {
  std::tm time{};
  const char* const end = strptime(text.c_str(), "%Y-%m-%dT%H:%M:%SZ", &time);
  if (end == nullptr || *end != '\0') {
    return unexpected(wrong(kExpires, text, "a time like 2027-01-31T00:00:00Z"));
  }
  return std::chrono::sys_seconds(std::chrono::seconds(timegm(&time)));
}

std::string format_time(std::chrono::sys_seconds time) {
  const std::time_t seconds = time.time_since_epoch().count();
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

// A name with a zero byte is never matched: fnmatch() would see only what is before it.
bool matches_any(const std::vector<std::string>& patterns, std::string_view name) {
  if (name.empty() || name.find('\0') != std::string_view::npos) return false;
  const std::string text(name);
  return std::ranges::any_of(patterns, [&text](const std::string& pattern) {
    return pattern == kEverything || fnmatch(pattern.c_str(), text.c_str(), 0) == 0;
  });
}

bool is_below(const std::filesystem::path& path, const std::filesystem::path& directory) {
  const auto [end, ignored] =
      std::mismatch(directory.begin(), directory.end(), path.begin(), path.end());
  return end == directory.end();
}

}  // namespace

std::string_view to_string(Right right) {
  return kRightNames.at(static_cast<std::size_t>(right));
}

std::span<const std::string_view> permission_properties() {
  return kProperties;
}

Permissions Permissions::all() {
  Permissions permissions;
  permissions.register_names = {kEverything};
  permissions.channels = {kEverything};
  permissions.rights.set();
  permissions.snapshots = {"/"};
  return permissions;
}

Result<Permissions> Permissions::parse(const std::map<std::string, std::string>& metadata) {
  const auto given = [&metadata](std::string_view property) {
    const auto at = metadata.find(std::string(property));
    return at == metadata.end() ? std::string() : at->second;
  };
  Permissions permissions;
  permissions.register_names = words_of(given(kRegister));
  permissions.channels = words_of(given(kChannels));
  auto rights = parse_rights(given(kRights));
  if (!rights) return unexpected(rights.error());
  permissions.rights = *rights;
  for (const std::string& directory : words_of(given(kSnapshots))) {
    const std::filesystem::path path = std::filesystem::path(directory).lexically_normal();
    if (!path.is_absolute()) return unexpected(wrong(kSnapshots, directory, "an absolute path"));
    permissions.snapshots.push_back(path.has_filename() ? path : path.parent_path());
  }
  if (const std::string expires = given(kExpires); !expires.empty()) {
    auto time = parse_time(expires);
    if (!time) return unexpected(time.error());
    permissions.expires = *time;
  }
  if (const std::string requests = given(kRequests); !requests.empty()) {
    if (requests != kSigned) return unexpected(wrong(kRequests, requests, kSigned));
    permissions.only_signed = true;
  }
  auto attributes = parse_attributes(given(kAttributes));
  if (!attributes) return unexpected(attributes.error());
  permissions.attributes = std::move(*attributes);
  return permissions;
}

std::map<std::string, std::string> Permissions::metadata() const {
  const auto itself = [](const auto& text) { return text; };
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < rights.size(); ++i) {
    if (rights.test(i)) names.push_back(kRightNames.at(i));
  }
  std::map<std::string, std::string> metadata;
  const auto add = [&metadata](std::string_view property, std::string value) {
    if (!value.empty()) metadata.emplace(property, std::move(value));
  };
  add(kRegister, joined(register_names, itself));
  add(kChannels, joined(channels, itself));
  add(kRights, joined(names, itself));
  add(kSnapshots, joined(snapshots, [](const auto& path) { return path.string(); }));
  if (expires) add(kExpires, format_time(*expires));
  if (only_signed) add(kRequests, std::string(kSigned));
  add(kAttributes, joined(attributes, [](const auto& attribute) {
        return attribute.first + "=" + attribute.second;
      }));
  return metadata;
}

bool Permissions::may_register(std::string_view name) const {
  return matches_any(register_names, name);
}

bool Permissions::may_use(std::string_view channel) const {
  return matches_any(channels, channel);
}

bool Permissions::may_keep_snapshot(const std::filesystem::path& path) const {
  if (!path.is_absolute()) return false;
  std::error_code failed;
  const std::filesystem::path real = std::filesystem::weakly_canonical(path, failed);
  if (failed) return false;
  return std::ranges::any_of(snapshots, [&](const std::filesystem::path& directory) {
    return is_below(real, std::filesystem::weakly_canonical(directory, failed)) && !failed;
  });
}

}  // namespace ccbus::security
