#pragma once

#include <array>
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "service/base/mutex.h"
#include "service/base/result.h"
#include "service/base/text_hash.h"
#include "service/security/keys/permissions.h"

namespace ccbus::security {

// A key that the service accepts.
struct AllowedKey {
  std::string name;        // The certificate's file without ".key".
  std::string public_key;  // In Z85.
  Permissions permissions;

  [[nodiscard]] bool has_expired(std::chrono::system_clock::time_point now) const {
    return permissions.expires && *permissions.expires <= now;
  }

  bool operator==(const AllowedKey&) const = default;
};

using AllowedKeyPtr = std::shared_ptr<const AllowedKey>;

// Everybody, where nobody is asked for a key: it may do everything.
[[nodiscard]] const AllowedKeyPtr& everybody();

// The content of a directory of allowed keys: the public certificates in it whose names end in
// ".key". It does not change.
struct AllowedKeys {
  std::unordered_map<std::string, AllowedKeyPtr, TextHash, std::equal_to<>> by_public_key;

  // Files that were not taken, each with the reason. A certificate that cannot be read allows
  // nobody.
  std::vector<std::string> errors;
  std::array<unsigned char, 32> content{};  // SHA-256 of all names and contents.
};

// Reads a directory of allowed keys. A certificate with a secret key is not taken, and said so: it
// has no business there. Two files with one key are both not taken, since it is not known what it
// may do.
//
// Blocks: on the disk.
// Errors: kIo if the directory cannot be read.
[[nodiscard]] Result<AllowedKeys> read_allowed_keys(const std::filesystem::path& directory);

// The allowed keys as they were read last. Thread: any.
class KeyStore {
 public:
  explicit KeyStore(std::filesystem::path directory) : directory_(std::move(directory)) {}

  struct Reload {
    bool has_changed = false;
    std::size_t keys = 0;
    std::vector<std::string> errors;
  };
  // Reads the directory, and publishes its content if that is different: by content, since times of
  // files miss changes.
  //
  // Blocks: on the disk.
  // Errors: kIo if the directory cannot be read; what was read before stays.
  [[nodiscard]] Result<Reload> reload() CCBUS_EXCLUDES(mutex_);

  // Null before the first reload().
  [[nodiscard]] std::shared_ptr<const AllowedKeys> keys() const CCBUS_EXCLUDES(mutex_);

  // Returns null if the key is not allowed, whether it has expired or not.
  [[nodiscard]] AllowedKeyPtr find(std::string_view public_key) const;

  [[nodiscard]] const std::filesystem::path& directory() const { return directory_; }

 private:
  const std::filesystem::path directory_;
  mutable Mutex mutex_;
  std::shared_ptr<const AllowedKeys> keys_ CCBUS_GUARDED_BY(mutex_);
};

}  // namespace ccbus::security
