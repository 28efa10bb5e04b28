#include "ccbus/curve/keys.h"

#include <cstdlib>
#include <stdexcept>

#include "ccbus/curve/certificate.h"

namespace ccbus::curve {
namespace {

std::string from_environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string() : value;
}

}  // namespace

Keys read_keys(const std::string& key, const std::string& server_key) {
  if (key.empty() && server_key.empty()) return {};
  if (server_key.empty())
    throw std::invalid_argument(
        "a key is given, but not the service's: --server-key or CCBUS_SERVER_KEY names the "
        "service's public certificate");
  if (key.empty())
    throw std::invalid_argument(
        "the service's key is given, but none of one's own: --key or CCBUS_KEY names a certificate "
        "that `ccbus keygen` has made");
  const Certificate own = read_secret_certificate(key);
  return {is_key(server_key) ? server_key : read_certificate(server_key).public_key, own.public_key,
          own.secret_key};
}

Keys keys_from_environment() {
  return read_keys(from_environment("CCBUS_KEY"), from_environment("CCBUS_SERVER_KEY"));
}

}  // namespace ccbus::curve
