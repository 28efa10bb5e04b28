#include "ccbus/curve/certificate.h"

#include <zmq.h>

#include <array>
#include <cstdint>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "bindings/cpp/src/curve/zpl.h"

namespace ccbus::curve {
namespace {

constexpr std::size_t kKeyCharacters = 40;
constexpr std::size_t kKeyBytes = 32;
constexpr std::string_view kMetadata = "metadata/";
constexpr std::string_view kPublicKey = "curve/public-key";
constexpr std::string_view kSecretKey = "curve/secret-key";
constexpr std::string_view kSecretSuffix = "_secret";

using Z85 = std::array<char, kKeyCharacters + 1>;  // With libzmq's zero at the end.

std::string public_key_of(const std::string& secret_key) {
  Z85 key{};
  if (zmq_curve_public(key.data(), secret_key.c_str()) != 0)
    throw std::runtime_error("libzmq was built without CURVE");
  return key.data();
}

// Takes a key out of the values; empty if it is not there.
std::string take_key(const std::map<std::string, std::string>& values, std::string_view place) {
  const auto at = values.find(std::string(place));
  if (at == values.end()) return {};
  if (!is_key(at->second))
    throw std::invalid_argument("'" + std::string(place) + "' is not a key in Z85, which has " +
                                std::to_string(kKeyCharacters) + " characters");
  return at->second;
}

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& why) {
  throw std::invalid_argument("certificate " + file.string() + ": " + why);
}

}  // namespace

Certificate generate() {
  Z85 public_key{};
  Z85 secret_key{};
  if (zmq_curve_keypair(public_key.data(), secret_key.data()) != 0)
    throw std::runtime_error("libzmq was built without CURVE");
  return {public_key.data(), secret_key.data(), {}};
}

Certificate parse_certificate(std::string_view text) {
  const auto values = parse_zpl(text);
  Certificate certificate;
  certificate.public_key = take_key(values, kPublicKey);
  certificate.secret_key = take_key(values, kSecretKey);
  if (certificate.public_key.empty())
    throw std::invalid_argument("it has no '" + std::string(kPublicKey) + "'");
  if (!certificate.secret_key.empty() &&
      public_key_of(certificate.secret_key) != certificate.public_key)
    throw std::invalid_argument("its secret key does not belong to its public key");
  for (const auto& [place, value] : values) {
    if (place.starts_with(kMetadata))
      certificate.metadata.emplace(place.substr(kMetadata.size()), value);
  }
  return certificate;
}

Certificate read_certificate(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in || std::filesystem::is_directory(file)) refuse(file, "cannot be read");
  std::string text(kCertificateBytesMax + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad()) refuse(file, "cannot be read");
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > kCertificateBytesMax)
    refuse(file, "larger than " + std::to_string(kCertificateBytesMax) + " bytes");
  try {
    return parse_certificate(text);
  } catch (const std::invalid_argument& error) {
    refuse(file, error.what());
  }
}

Certificate read_secret_certificate(const std::filesystem::path& file) {
  std::filesystem::path secret = file;
  secret += kSecretSuffix;
  const bool has_secret = std::filesystem::exists(secret);
  Certificate certificate = read_certificate(has_secret ? secret : file);
  if (certificate.secret_key.empty())
    refuse(file, "it has no secret key, and there is no " + secret.string());
  return certificate;
}

std::string format_certificate(const Certificate& certificate, Part part) {
  std::ostringstream text;
  text << (part == Part::kPublic
               ? "# A public key for ZeroMQ's CURVE. Whom it is given to may know it.\n"
               : "# A secret key for ZeroMQ's CURVE. It is for its owner alone.\n");
  text << "\nmetadata\n";
  for (const auto& [name, value] : certificate.metadata) {
    if (!is_zpl_name(name)) throw std::invalid_argument("'" + name + "' is not a name in ZPL");
    text << "    " << name << " = " << quote_zpl(value) << "\n";
  }
  text << "curve\n    public-key = \"" << certificate.public_key << "\"\n";
  if (part == Part::kSecret) text << "    secret-key = \"" << certificate.secret_key << "\"\n";
  return text.str();
}

bool is_key(std::string_view text) {
  if (text.size() != kKeyCharacters) return false;
  std::array<std::uint8_t, kKeyBytes> bytes{};
  return text.find('\0') == std::string_view::npos &&
         zmq_z85_decode(bytes.data(), std::string(text).c_str()) != nullptr;
}

std::string decode_key(std::string_view text) {
  std::array<std::uint8_t, kKeyBytes> bytes{};
  if (text.size() != kKeyCharacters ||
      zmq_z85_decode(bytes.data(), std::string(text).c_str()) == nullptr)
    throw std::invalid_argument("not a key in Z85");
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string encode_key(std::string_view bytes) {
  Z85 text{};
  if (bytes.size() != kKeyBytes ||
      zmq_z85_encode(text.data(), reinterpret_cast<const std::uint8_t*>(bytes.data()),
                     bytes.size()) == nullptr)
    throw std::invalid_argument("not the 32 bytes of a key");
  return text.data();
}

}  // namespace ccbus::curve
