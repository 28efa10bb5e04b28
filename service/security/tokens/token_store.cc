#include "service/security/tokens/token_store.h"

#include "service/security/crypto/files.h"

namespace ccbus::security {

Result<void> TokenStore::reload() {
  const auto text = read_file(file_);
  if (!text) return unexpected(text.error());
  auto read = BearerTokens::parse(*text);
  if (!read) return fail(read.error().code, file_.string() + ": " + read.error().message);
  auto tokens = std::make_shared<const BearerTokens>(std::move(*read));
  const MutexLock lock(mutex_);
  tokens_ = std::move(tokens);
  return {};
}

std::shared_ptr<const BearerTokens> TokenStore::tokens() const {
  const MutexLock lock(mutex_);
  return tokens_;
}

}  // namespace ccbus::security
