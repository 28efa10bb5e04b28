#include "service/security/keys/key_holders.h"

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
  if (!is_allowed) return false;
  left(peer);
  ++connections_[key->public_key];
  holders_[peer] = std::move(key);
  return true;
}

void KeyHolders::left(PeerId peer) {
  const auto holder = holders_.find(peer);
  if (holder == holders_.end()) return;
  const auto count = connections_.find(holder->second->public_key);
  if (--count->second == 0) connections_.erase(count);
  holders_.erase(holder);
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
    if (!change.is_allowed) left(change.peer);
  }
  return changes;
}

std::size_t KeyHolders::connections_of(std::string_view public_key) const {
  const auto count = connections_.find(public_key);
  return count == connections_.end() ? 0 : count->second;
}

AllowedKeyPtr KeyHolders::find(std::string_view public_key,
                               std::chrono::system_clock::time_point now) const {
  AllowedKeyPtr key = keys_->find(public_key);
  return key != nullptr && key->has_expired(now) ? nullptr : key;
}

}  // namespace ccbus::security
