#include "tests/bench/disk_probe.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace ccbus::bench {
namespace {

constexpr std::size_t kRecordBytes = 4096;

}  // namespace

DiskProbe::DiskProbe(const std::filesystem::path& directory)
    : fd_(open((directory / "disk_probe").c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC,
               0600)) {
  if (fd_ < 0) throw std::system_error(errno, std::generic_category(), "disk_probe");
}

DiskProbe::~DiskProbe() {
  close(fd_);
}

Figures DiskProbe::run(std::size_t syncs) {
  constexpr std::array<char, kRecordBytes> kRecord{};
  Measurement measured;
  const auto start = Clock::now();
  for (std::size_t i = 0; i < syncs; ++i) {
    const auto before = Clock::now();
    const bool written = write(fd_, kRecord.data(), kRecord.size()) == kRecordBytes;
    if (!written || fdatasync(fd_) != 0) {
      throw std::system_error(errno, std::generic_category(), "fdatasync");
    }
    measured.add(Clock::now() - before);
  }
  measured.add_elapsed(Clock::now() - start);
  return measured.figures();
}

}  // namespace ccbus::bench
