#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace ccbus::curve {

// A CURVE key in a ZPL certificate, the format of CZMQ and pyzmq. A certificate is two files: NAME
// has the public key, NAME_secret the secret key too. `ccbus keygen app` makes app.key and
// app.key_secret.
//
// Keys are in Z85: 40 characters of text.
struct Certificate {
  std::string public_key;
  std::string secret_key;  // Empty in a public certificate.
  // The section `metadata`, which is for people and for the service that allows the key. Names are
  // those of ZPL, values have no line breaks and not both kinds of quotes.
  std::map<std::string, std::string> metadata;
};

inline constexpr std::size_t kCertificateBytesMax = 64u << 10;

// Makes a new pair of keys. Errors: std::runtime_error if libzmq was built without CURVE.
[[nodiscard]] Certificate generate();

// Errors: std::invalid_argument naming the line and what is wrong: no public key, a key that is not
// 40 characters of Z85, or a secret key that does not belong to the public one.
[[nodiscard]] Certificate parse_certificate(std::string_view text);

// Reads one file of at most kCertificateBytesMax bytes.
// Blocks: on the disk. Errors: std::invalid_argument, naming the file.
[[nodiscard]] Certificate read_certificate(const std::filesystem::path& file);

// Reads NAME_secret if it exists beside NAME, as CZMQ does; otherwise NAME itself.
// Errors: as above, also if there is no secret key in it.
[[nodiscard]] Certificate read_secret_certificate(const std::filesystem::path& file);

// The text of a certificate: of NAME, or, if `with_secret` is set, of NAME_secret.
enum class Part { kPublic, kSecret };
// Errors: std::invalid_argument for metadata that ZPL cannot say.
[[nodiscard]] std::string format_certificate(const Certificate& certificate, Part part);

// Whether a text is a key in Z85.
[[nodiscard]] bool is_key(std::string_view text);

// The 32 bytes of a key in Z85, and back. Preconditions: is_key(); 32 bytes.
[[nodiscard]] std::string decode_key(std::string_view text);
[[nodiscard]] std::string encode_key(std::string_view bytes);

}  // namespace ccbus::curve
