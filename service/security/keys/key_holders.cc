#include "service/security/keys/key_holders.h"

#include <algorithm>
#include <utility>

namespace ccbus::security {
namespace {

// May do nothing.
const AllowedKeyPtr& nobody() {
  static const AllowedKeyPtr key = std::make_shared<const AllowedKey>();
  return key;
}

}  // namespace

bool KeyHolders::came(PeerId peer, std::string_view public_key,
                      std::chrono::system_clock::time_point now) {
  if (keys_ == nullptr) return true;
  AllowedKeyPtr key = find(public_key, now);
  const bool is_allowed = key != nullptr;
  if (is_allowed) holders_[peer] = std::move(key);
  return is_allowed;
}

AllowedKeyPtr KeyHolders::pointer(PeerId peer) const {
  if (keys_ == nullptr) return everybody();
  const auto at = holders_.find(peer);
  return at == holders_.end() ? nobody() : at->second;
}

std::vector<KeyHolders::Change> KeyHolders::look_up_again(
    std::chrono::system_clock::time_point now) {
  std::vector<Change> changes;
  for (auto& [peer, key] : holders_) {
    AllowedKeyPtr found = find(key->public_key, now);
    const bool is_allowed = found != nullptr;
    if (!is_allowed || found->permissions != key->permissions)
      changes.push_back({peer, is_allowed});
    if (is_allowed) key = std::move(found);
  }
  for (const Change& change : changes) {
    if (!change.is_allowed) holders_.erase(change.peer);
  }
  return changes;
}

std::size_t KeyHolders::connections_of(std::string_view public_key) const {
  return static_cast<std::size_t>(std::ranges::count_if(
      holders_, [&](const auto& holder) { return holder.second->public_key == public_key; }));
}

AllowedKeyPtr KeyHolders::find(std::string_view public_key,
                               std::chrono::system_clock::time_point now) const {
  AllowedKeyPtr key = keys_->find(public_key);
  return key != nullptr && key->has_expired(now) ? nullptr : key;
}

}  // namespace ccbus::security
