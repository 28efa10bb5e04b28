#pragma once

#include <filesystem>
#include <memory>
#include <utility>

#include "service/base/mutex.h"
#include "service/base/result.h"
#include "service/security/tokens/bearer_tokens.h"

namespace ccbus::security {

// The tokens of a file, as it was read last. Thread: any.
class TokenStore {
 public:
  explicit TokenStore(std::filesystem::path file) : file_(std::move(file)) {}

  // Reads the file, and publishes what is in it.
  // Blocks: on the disk.
  // Errors: kIo, kInvalid, naming the file; what was read before stays.
  [[nodiscard]] Result<void> reload() CCBUS_EXCLUDES(mutex_);

  // Null before the first reload().
  [[nodiscard]] std::shared_ptr<const BearerTokens> tokens() const CCBUS_EXCLUDES(mutex_);

 private:
  const std::filesystem::path file_;
  mutable Mutex mutex_;
  std::shared_ptr<const BearerTokens> tokens_ CCBUS_GUARDED_BY(mutex_);
};

}  // namespace ccbus::security
