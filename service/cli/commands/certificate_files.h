#pragma once

#include <filesystem>
#include <string>

#include "ccbus/curve/certificate.h"
#include "service/base/result.h"

namespace ccbus::cli {

// Writes one of the two files of a certificate: the secret one for its owner alone, the public one
// for everybody to read. It is there completely or not at all.
// Blocks: on the disk. Errors: kIo, naming the file.
[[nodiscard]] Result<void> write_certificate(const std::filesystem::path& file,
                                             const curve::Certificate& certificate,
                                             curve::Part part);

// A check for CLI11: whether a text may be the name of a key, and so of its file.
[[nodiscard]] std::string check_key_name(const std::string& name);

}  // namespace ccbus::cli
