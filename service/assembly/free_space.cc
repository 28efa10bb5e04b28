#include "service/assembly/free_space.h"

#include <sys/statvfs.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <string>
#include <utility>

namespace ccbus {
namespace {

constexpr std::chrono::seconds kBetweenLooks{1};
// Of the limit: what may be written between two looks within a second.
constexpr std::uint64_t kShareBetweenLooks = 8;
constexpr std::uint64_t kBytesBetweenLooksMin = 1u << 20;

}  // namespace

Result<std::uint64_t> free_bytes(const std::filesystem::path& path) {
  struct statvfs disk {};
  if (statvfs(path.c_str(), &disk) != 0) {
    return fail(ErrorCode::kIo, path.string() + ": " + std::strerror(errno));
  }
  return std::uint64_t{disk.f_bavail} * disk.f_frsize;
}

std::string describe_low_space(const std::filesystem::path& directory, std::uint64_t free,
                               std::uint64_t limit) {
  return directory.string() + " has " + std::to_string(free) + " bytes free, limit " +
         std::to_string(limit) + " (limits.diskFreeBytes)";
}

FreeSpace::FreeSpace(std::optional<std::filesystem::path> directory, std::uint64_t bytes_min)
    : directory_(std::move(directory)), bytes_min_(bytes_min) {}

bool FreeSpace::is_due(SteadyTime now, std::uint64_t bytes) {
  bytes_since_ += bytes;
  return now - looked_ >= kBetweenLooks ||
         bytes_since_ >= std::max(bytes_min_ / kShareBetweenLooks, kBytesBetweenLooksMin);
}

std::optional<Error> FreeSpace::look(SteadyTime now) {
  looked_ = now;
  bytes_since_ = 0;
  is_low_ = false;
  if (!directory_) return std::nullopt;
  const auto free = free_bytes(*directory_);
  if (!free || *free >= bytes_min_) return std::nullopt;
  is_low_ = true;
  return Error{ErrorCode::kExhausted, describe_low_space(*directory_, *free, bytes_min_)};
}

}  // namespace ccbus
