#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <fstream>
#include <stdexcept>
#include <system_error>

#include "ccbus/client/events.h"

namespace ccbus::client {
namespace {

[[noreturn]] void throw_failure(const std::string& doing, const std::filesystem::path& file) {
  throw std::runtime_error(doing + " " + file.string() + ": " +
                           std::error_code(errno, std::generic_category()).message());
}

class Descriptor {
 public:
  Descriptor(const std::filesystem::path& file, int flags)
      : number_(open(file.c_str(), flags, 0644)) {}
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

}  // namespace

std::optional<Checkpoint> FileCheckpointer::load() const {
  if (!std::filesystem::exists(file_)) return std::nullopt;
  std::ifstream file(file_);
  if (!file.is_open()) throw_failure("cannot read", file_);
  std::string number;
  file >> number;
  Checkpoint checkpoint;
  const char* const end = number.data() + number.size();
  const auto parsed = std::from_chars(number.data(), end, checkpoint.block_number);
  if (parsed.ec != std::errc() || parsed.ptr != end) {
    throw std::runtime_error(file_.string() + " is no checkpoint: it begins with '" + number +
                             "', not with a block's number");
  }
  file >> checkpoint.transaction_id;  // Optional.
  return checkpoint;
}

// Writes and syncs a new file, which then replaces the old one.
void FileCheckpointer::store(const Checkpoint& checkpoint) const {
  const std::filesystem::path fresh = file_.string() + ".new";
  const std::string text =
      std::to_string(checkpoint.block_number) + " " + checkpoint.transaction_id + "\n";
  {
    const Descriptor out(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC);
    if (out.number() < 0) throw_failure("cannot write", fresh);
    if (write(out.number(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
        fsync(out.number()) != 0) {
      throw_failure("cannot write", fresh);
    }
  }
  std::filesystem::rename(fresh, file_);
  const auto directory = file_.has_parent_path() ? file_.parent_path() : ".";
  const Descriptor entries(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (entries.number() < 0 || fsync(entries.number()) != 0) throw_failure("cannot sync", directory);
}

}  // namespace ccbus::client
