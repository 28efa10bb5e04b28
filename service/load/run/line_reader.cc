#include "service/load/run/line_reader.h"

#include <fcntl.h>
#include <unistd.h>

namespace ccbus::load {

LineReader::LineReader(int descriptor) : descriptor_(descriptor) {
  fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK);
}

std::optional<std::string> LineReader::next() {
  while (true) {
    if (const auto end = pending_.find('\n'); end != std::string::npos) {
      std::string line = pending_.substr(0, end);
      pending_.erase(0, end + 1);
      return line;
    }
    char buffer[65536];
    const ssize_t count = read(descriptor_, buffer, sizeof buffer);
    if (count <= 0) {
      is_at_end_ = count == 0;
      return std::nullopt;
    }
    pending_.append(buffer, static_cast<std::size_t>(count));
  }
}

}  // namespace ccbus::load
