#include "service/ledger/commit/synced_height.h"

#include <array>
#include <utility>

#include "service/base/fixed_int.h"
#include "service/ledger/state/store.h"

namespace ccbus::ledger {
namespace {

// The file: format, height and checksum, each of 8 bytes; the numbers are big-endian.
constexpr std::string_view kSyncedFormat = "ccbus-h1";
constexpr std::size_t kSyncedBytes = 3 * sizeof(std::uint64_t);
using SyncedContent = std::array<char, kSyncedBytes>;

// Mixes all bits (the finalizer of SplitMix64), so that bytes of two writes do not fit together.
std::uint64_t height_checksum(std::uint64_t height) {
  std::uint64_t mixed = height + 0x9e3779b97f4a7c15u;
  mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9u;
  mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111ebu;
  return mixed ^ mixed >> 31;
}

void put_number(SyncedContent& content, std::size_t at, std::uint64_t value) {
  for (std::size_t i = 0; i < sizeof(value); ++i) {
    content[at + i] = static_cast<char>(value >> (8 * (sizeof(value) - 1 - i)));
  }
}

std::optional<std::uint64_t> decode_synced(std::string_view content) {
  if (content.size() != kSyncedBytes || content.substr(0, kSyncedFormat.size()) != kSyncedFormat)
    return std::nullopt;
  const auto height = read_fixed<std::uint64_t>(content.substr(kSyncedFormat.size()));
  const auto check =
      read_fixed<std::uint64_t>(content.substr(kSyncedFormat.size() + sizeof(std::uint64_t)));
  if (check != height_checksum(height)) return std::nullopt;
  return height;
}

}  // namespace

Result<SyncedHeight> SyncedHeight::open(rocksdb::Env& env, const std::string& directory) {
  std::string path = directory + "/" + kFileName;
  rocksdb::Status status = env.FileExists(path);
  if (status.IsNotFound()) {
    std::unique_ptr<rocksdb::WritableFile> made;
    status = env.NewWritableFile(path, &made, rocksdb::EnvOptions());
    if (status.ok()) status = made->Close();
  }
  if (!status.ok()) return store_failure(status, "cannot make " + path);
  std::unique_ptr<rocksdb::RandomRWFile> file;
  status = env.NewRandomRWFile(path, &file, rocksdb::EnvOptions());
  if (!status.ok()) return store_failure(status, "cannot open " + path);
  SyncedContent buffer;
  rocksdb::Slice content;
  status = file->Read(0, buffer.size(), &content, buffer.data());
  if (!status.ok()) return store_failure(status, "cannot read " + path);
  return SyncedHeight(std::move(path), std::move(file), decode_synced(view(content)));
}

rocksdb::Status SyncedHeight::record(std::uint64_t height) {
  SyncedContent content;
  kSyncedFormat.copy(content.data(), kSyncedFormat.size());
  put_number(content, kSyncedFormat.size(), height);
  put_number(content, kSyncedFormat.size() + sizeof(height), height_checksum(height));
  return file_->Write(0, rocksdb::Slice(content.data(), content.size()));
}

}  // namespace ccbus::ledger
