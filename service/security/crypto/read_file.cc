#include "service/security/crypto/read_file.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

namespace ccbus::security {

Result<std::string> read_file(const std::filesystem::path& path) {
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  std::string content((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (!in || errno == EISDIR) {
    return fail(ErrorCode::kIo, "cannot read " + path.string() + ": " + std::strerror(errno));
  }
  return content;
}

}  // namespace ccbus::security
