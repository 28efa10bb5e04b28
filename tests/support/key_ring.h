#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "ccbus/curve/certificate.h"
#include "ccbus/curve/keys.h"
#include "tests/support/process.h"

namespace ccbus::test {

// A directory of allowed keys and the service's own key, for a service that asks for keys.
class KeyRing {
 public:
  using Metadata = std::map<std::string, std::string>;

  KeyRing() {
    std::filesystem::create_directory(allowed());
    for (const auto part : {curve::Part::kPublic, curve::Part::kSecret}) {
      write("server.key", server_, part);
    }
  }

  // What ccbusd is started with.
  [[nodiscard]] std::vector<std::string> settings() const {
    return {"security.serverKey=" + (path() / "server.key").string(),
            "security.keys=" + allowed().string()};
  }

  // Makes a key and its two files: path() / (name + ".key") and the secret one.
  curve::Keys make(const std::string& name) {
    const curve::Certificate made = curve::generate();
    for (const auto part : {curve::Part::kPublic, curve::Part::kSecret}) {
      write(name + ".key", made, part);
    }
    return {server_.public_key, made.public_key, made.secret_key};
  }
  // The same, of which a running service knows after it was told.
  curve::Keys allow(const std::string& name, const Metadata& permissions) {
    const curve::Keys keys = make(name);
    permit(name, keys, permissions);
    return keys;
  }
  void permit(const std::string& name, const curve::Keys& keys, const Metadata& permissions) {
    const curve::Certificate certificate{keys.public_key, "", permissions};
    // As an editor does: the new file takes the place of the old one.
    const auto file = allowed() / (name + ".key");
    std::ofstream(file.string() + "-new")
        << curve::format_certificate(certificate, curve::Part::kPublic);
    std::filesystem::rename(file.string() + "-new", file);
  }
  void revoke(const std::string& name) { std::filesystem::remove(allowed() / (name + ".key")); }

  [[nodiscard]] const curve::Certificate& server() const { return server_; }
  [[nodiscard]] const std::filesystem::path& path() const { return directory_.path(); }
  [[nodiscard]] std::filesystem::path allowed() const { return path() / "allowed"; }

 private:
  void write(const std::string& name, const curve::Certificate& certificate, curve::Part part) {
    const std::string suffix = part == curve::Part::kSecret ? "_secret" : "";
    std::ofstream(path() / (name + suffix)) << curve::format_certificate(certificate, part);
  }

  TemporaryDirectory directory_;
  const curve::Certificate server_ = curve::generate();
};

}  // namespace ccbus::test
