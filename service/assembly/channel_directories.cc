#include "service/assembly/channel_directories.h"

#include <charconv>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "service/base/channel_id.h"

namespace ccbus {
namespace {

namespace fs = std::filesystem;

constexpr char kResets = '~';

struct Name {
  ChannelId channel;
  std::optional<std::uint64_t> resets;  // nullopt: an unfinished ledger.
};

// Returns nullopt if the name is not that of a ledger.
std::optional<Name> parse(std::string_view name, std::size_t name_bytes_max) {
  const std::size_t mark = name.find(kResets);
  const std::string_view id = name.substr(0, mark);
  if (!check_channel_id(id, name_bytes_max)) return std::nullopt;
  if (mark == std::string_view::npos) return Name{{std::string(id)}, 0};
  std::uint64_t resets = 0;
  const std::string_view digits = name.substr(mark + 1);
  const auto [end, error] = std::from_chars(digits.begin(), digits.end(), resets);
  if (error != std::errc() || end != digits.end()) return Name{{std::string(id)}, std::nullopt};
  return Name{{std::string(id)}, resets};
}

}  // namespace

ChannelDirectories::ChannelDirectories(const std::optional<fs::path>& ledgers,
                                       std::size_t name_bytes_max) {
  if (!ledgers) return;
  directory_ = *ledgers / "channels";
  std::error_code error;
  for (fs::directory_iterator at(*directory_, error), end; !error && at != end;
       at.increment(error)) {
    const auto name = parse(at->path().filename().string(), name_bytes_max);
    std::error_code none;
    if (!name || !at->is_directory(none)) continue;
    const auto known = resets_.find(name->channel);
    if (!name->resets || (known != resets_.end() && known->second > *name->resets)) {
      leftovers_.push_back(at->path());
      continue;
    }
    if (known != resets_.end()) leftovers_.push_back(path_of(known->first, known->second));
    resets_[name->channel] = *name->resets;
  }
}

std::vector<ChannelId> ChannelDirectories::found() const {
  std::vector<ChannelId> channels;
  for (const auto& [channel, resets] : resets_) channels.push_back(channel);
  return channels;
}

std::optional<fs::path> ChannelDirectories::current(const ChannelId& channel) const {
  if (!directory_) return std::nullopt;
  return path_of(channel, resets_of(channel));
}

std::optional<fs::path> ChannelDirectories::next(const ChannelId& channel) const {
  if (!directory_) return std::nullopt;
  return path_of(channel, resets_of(channel) + 1);
}

Result<void> ChannelDirectories::advance(const ChannelId& channel) {
  const auto before = current(channel);
  if (!before) return {};
  ++resets_[channel];
  std::error_code error;
  fs::remove_all(*before, error);
  if (!error) return {};
  return fail(ErrorCode::kIo, "cannot remove " + before->string() + ": " + error.message());
}

void ChannelDirectories::remove_leftovers() const {
  std::error_code ignored;  // It is tried again at the next start.
  for (const fs::path& leftover : leftovers_) fs::remove_all(leftover, ignored);
}

fs::path ChannelDirectories::path_of(const ChannelId& channel, std::uint64_t resets) const {
  if (resets == 0) return *directory_ / channel.value;
  return *directory_ / (channel.value + kResets + std::to_string(resets));
}

std::uint64_t ChannelDirectories::resets_of(const ChannelId& channel) const {
  const auto at = resets_.find(channel);
  return at == resets_.end() ? 0 : at->second;
}

}  // namespace ccbus
