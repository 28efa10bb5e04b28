#include "service/security/keys/key_store.h"

#include <openssl/evp.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "ccbus/curve/certificate.h"

namespace ccbus::security {
namespace {

constexpr std::string_view kSuffix = ".key";

// The content of the file; nullopt if it cannot be read or is too large for a certificate.
std::optional<std::string> read_text(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return std::nullopt;
  std::string text(curve::kCertificateBytesMax + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad() || in.gcount() > static_cast<std::streamsize>(curve::kCertificateBytesMax)) {
    return std::nullopt;
  }
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

// The names are in order, so that the same content always gives the same digest.
Result<std::vector<std::filesystem::path>> certificates_in(const std::filesystem::path& directory) {
  std::vector<std::filesystem::path> files;
  std::error_code failed;
  for (std::filesystem::directory_iterator at(directory, failed), end; !failed && at != end;
       at.increment(failed)) {
    if (at->path().extension() == kSuffix) files.push_back(at->path());
  }
  if (failed) {
    return fail(ErrorCode::kIo, "the directory of keys " + directory.string() +
                                    " cannot be read: " + failed.message());
  }
  std::ranges::sort(files);
  return files;
}

AllowedKey parse_key(const std::filesystem::path& file, const std::string& text) {
  const curve::Certificate certificate = curve::parse_certificate(text);
  if (!certificate.secret_key.empty()) {
    throw std::invalid_argument(
        "it has a secret key, which its owner alone may have: put the public certificate here");
  }
  auto permissions = Permissions::parse(certificate.metadata);
  if (!permissions) throw std::invalid_argument(permissions.error().message);
  return {file.stem().string(), certificate.public_key, std::move(*permissions)};
}

class Digest {
 public:
  Digest() : context_(EVP_MD_CTX_new()) {
    if (context_ == nullptr || EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) != 1) {
      throw std::runtime_error("OpenSSL has no SHA-256");
    }
  }
  // Takes a text with its size, so that two texts are never taken for two others.
  void add(std::string_view text) {
    const std::uint64_t size = text.size();
    EVP_DigestUpdate(context_.get(), &size, sizeof size);
    EVP_DigestUpdate(context_.get(), text.data(), text.size());
  }
  [[nodiscard]] std::array<unsigned char, 32> finish() {
    std::array<unsigned char, 32> digest{};
    EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr);
    return digest;
  }

 private:
  struct Free {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  std::unique_ptr<EVP_MD_CTX, Free> context_;
};

}  // namespace

const AllowedKeyPtr& everybody() {
  static const AllowedKeyPtr key =
      std::make_shared<const AllowedKey>(AllowedKey{"", "", Permissions::all()});
  return key;
}

Result<AllowedKeys> read_allowed_keys(const std::filesystem::path& directory) {
  const auto files = certificates_in(directory);
  if (!files) return unexpected(files.error());
  AllowedKeys keys;
  Digest digest;
  std::map<std::string, std::string> names;  // Of each public key's file.
  for (const std::filesystem::path& file : *files) {
    const auto text = read_text(file);
    digest.add(file.filename().string());
    digest.add(text.value_or(""));
    const auto refuse = [&](const std::string& why) {
      keys.errors.push_back(file.string() + ": " + why);
    };
    if (!text) {
      refuse("cannot be read, or is larger than " + std::to_string(curve::kCertificateBytesMax) +
             " bytes");
      continue;
    }
    try {
      AllowedKey key = parse_key(file, *text);
      const auto [other, is_new] = names.emplace(key.public_key, file.filename().string());
      if (!is_new) {
        refuse("it has the same key as " + other->second +
               "; neither is taken, since it is not known what the key may do");
        keys.by_public_key.erase(key.public_key);
        continue;
      }
      std::string public_key = key.public_key;
      keys.by_public_key.emplace(std::move(public_key),
                                 std::make_shared<const AllowedKey>(std::move(key)));
    } catch (const std::invalid_argument& error) {
      refuse(error.what());
    }
  }
  keys.content = digest.finish();
  return keys;
}

Result<KeyStore::Reload> KeyStore::reload() {
  auto read = read_allowed_keys(directory_);
  if (!read) return unexpected(read.error());
  const MutexLock lock(mutex_);
  Reload reload;
  reload.has_changed = keys_ == nullptr || keys_->content != read->content;
  reload.keys = read->by_public_key.size();
  reload.errors = read->errors;
  if (reload.has_changed) keys_ = std::make_shared<const AllowedKeys>(std::move(*read));
  return reload;
}

std::shared_ptr<const AllowedKeys> KeyStore::keys() const {
  const MutexLock lock(mutex_);
  return keys_;
}

AllowedKeyPtr KeyStore::find(std::string_view public_key) const {
  const auto keys = this->keys();
  if (keys == nullptr) return nullptr;
  const auto at = keys->by_public_key.find(public_key);
  return at == keys->by_public_key.end() ? nullptr : at->second;
}

}  // namespace ccbus::security
