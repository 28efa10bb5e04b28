#include "service/ledger/upkeep/ledger_snapshot.h"

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <system_error>
#include <utility>

#include "service/base/durable_files.h"
#include "service/base/hex.h"
#include "service/base/sha256.h"
#include "service/ledger/commit/chain.h"
#include "service/ledger/state/store.h"

namespace ccbus::ledger {
namespace {

namespace fs = std::filesystem;

constexpr const char* kManifest = "snapshot.json";
constexpr const char* kLedger = "ledger";
constexpr const char* kPartial = "~partial";  // No channel's id has a '~'.
constexpr const char* kFormat = "ccbus-snapshot-1";

unexpected<Error> refused(ErrorCode code, const fs::path& path, const std::string& why) {
  return fail(code, path.string() + ": " + why);
}

Result<void> claim_empty(const fs::path& directory) {
  if (auto made = make_directories(directory); !made) return made;
  std::error_code error;
  const bool is_empty = fs::is_empty(directory, error);
  if (error) return refused(ErrorCode::kIo, directory, error.message());
  if (!is_empty) return refused(ErrorCode::kExists, directory, "it is not empty");
  return {};
}

// Best-effort cleanup; the original error is returned.
void discard_contents(const fs::path& directory) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(directory, ignored)) {
    fs::remove_all(entry.path(), ignored);
  }
}

// What a copied database is, after checking the end of its chain. Leaves it as it is.
Result<SnapshotInfo> examine(const fs::path& database, const ChannelId& channel) {
  auto store = Store::open_read_only(database);
  if (!store) return unexpected(store.error());
  auto claimed = claim_store(**store, channel, {});
  if (!claimed) return refused(claimed.error().code, database, claimed.error().message);
  auto end = read_chain_end(**store);
  if (!end) return refused(end.error().code, database, end.error().message);
  return SnapshotInfo{channel, end->height, std::move(end->last_block_hash)};
}

std::string encode(const SnapshotInfo& info) {
  const nlohmann::ordered_json manifest = {{"format", kFormat},
                                           {"channel", info.channel.value},
                                           {"height", info.height},
                                           {"last_block_hash", to_hex(info.last_block_hash)}};
  return manifest.dump(2) + "\n";
}

// Returns nullopt if a field is missing or of another type.
std::optional<SnapshotInfo> decode(const nlohmann::json& manifest) {
  const auto channel = manifest.find("channel");
  const auto height = manifest.find("height");
  const auto hash = manifest.find("last_block_hash");
  for (const auto& field : {channel, height, hash}) {
    if (field == manifest.end()) return std::nullopt;
  }
  if (!channel->is_string() || !height->is_number_unsigned() || !hash->is_string()) {
    return std::nullopt;
  }
  auto bytes = from_hex(hash->get<std::string>());
  if (!bytes) return std::nullopt;
  return SnapshotInfo{ChannelId{channel->get<std::string>()}, height->get<std::uint64_t>(),
                      std::move(*bytes)};
}

Result<SnapshotInfo> fill(const ChannelLedger& ledger, const fs::path& directory,
                          const CancellationToken& cancelled) {
  const fs::path database = directory / kLedger;
  auto copied = ledger.copy_to(database, cancelled);
  if (!copied) return unexpected(copied.error());
  auto info = examine(database, ledger.channel());
  if (!info) return info;
  auto written = write_durably(directory / kManifest, encode(*info));
  if (!written) return unexpected(written.error());
  return info;
}

// Every file, also what no look at the end of the chain comes by.
Result<void> check_content(const fs::path& database) {
  auto store = Store::open_read_only(database);
  if (!store) return unexpected(store.error());
  const rocksdb::Status status = (*store)->db().VerifyChecksum();
  if (status.ok()) return {};
  return store_failure(status, "cannot use what was copied to " + database.string());
}

Result<void> copy_and_check(const fs::path& database, const fs::path& copy,
                            const SnapshotInfo& info, const CancellationToken& cancelled) {
  if (auto copied = copy_durably(database, copy, cancelled); !copied) return copied;
  auto found = examine(copy, info.channel);
  if (!found) return unexpected(found.error());
  if (auto intact = check_content(copy); !intact) return intact;
  if (found->height != info.height || found->last_block_hash != info.last_block_hash) {
    return refused(ErrorCode::kCorrupt, database,
                   "it has the height " + std::to_string(found->height) + " and the hash " +
                       to_hex(found->last_block_hash) + ", " + kManifest + " says " +
                       std::to_string(info.height) + " and " + to_hex(info.last_block_hash));
  }
  return {};
}

}  // namespace

Result<SnapshotInfo> write_snapshot(const ChannelLedger& ledger, const fs::path& directory,
                                    const CancellationToken& cancelled) {
  if (auto claimed = claim_empty(directory); !claimed) return unexpected(claimed.error());
  auto info = fill(ledger, directory, cancelled);
  if (!info) discard_contents(directory);
  return info;
}

Result<SnapshotInfo> read_snapshot(const fs::path& directory) {
  const fs::path file = directory / kManifest;
  std::error_code error;
  if (!fs::exists(file, error)) {
    if (error) return refused(ErrorCode::kIo, file, error.message());
    return refused(ErrorCode::kNotFound, directory,
                   std::string("it holds no complete snapshot: ") + kManifest + " is missing");
  }
  std::ifstream in(file, std::ios::binary);
  const std::string content{std::istreambuf_iterator<char>(in), {}};
  if (!in.is_open() || in.bad()) return refused(ErrorCode::kIo, file, "it cannot be read");
  const auto manifest = nlohmann::json::parse(content, nullptr, false);
  if (!manifest.is_object()) return refused(ErrorCode::kInvalid, file, "it is no JSON object");
  if (manifest.value("format", nlohmann::json()) != kFormat) {
    return refused(ErrorCode::kInvalid, file, std::string("its format is not ") + kFormat);
  }
  auto info = decode(manifest);
  if (!info) {
    return refused(ErrorCode::kInvalid, file,
                   "it needs a channel, a height and a last_block_hash in hexadecimal digits");
  }
  return std::move(*info);
}

Result<SnapshotInfo> restore_snapshot(const fs::path& directory, const fs::path& target,
                                      const CancellationToken& cancelled) {
  auto info = read_snapshot(directory);
  if (!info) return info;
  std::error_code error;
  const fs::path to = fs::absolute(target).lexically_normal();
  if (fs::exists(to, error)) return refused(ErrorCode::kExists, to, "it exists");
  if (error) return refused(ErrorCode::kIo, to, error.message());
  fs::path partial = to;
  partial += kPartial;
  if (auto made = make_directories(to.parent_path()); !made) return unexpected(made.error());
  fs::remove_all(partial, error);
  if (error) return refused(ErrorCode::kIo, partial, error.message());
  auto restored = copy_and_check(directory / kLedger, partial, *info, cancelled);
  if (restored) restored = rename_durably(partial, to);
  if (restored) return info;
  fs::remove_all(partial, error);
  return unexpected(restored.error());
}

}  // namespace ccbus::ledger
