#include "service/assembly/channel_directories.h"

#include <charconv>
#include <stdexcept>
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

std::runtime_error cannot_list(const fs::path& path, const std::error_code& why) {
  return std::runtime_error("cannot list the ledgers of the channels: " + path.string() + ": " +
                            why.message());
}

}  // namespace

ChannelDirectories::ChannelDirectories(const std::optional<fs::path>& ledgers,
                                       std::size_t name_bytes_max) {
  if (!ledgers) return;
  directory_ = *ledgers / "channels";
  std::error_code error;
  fs::directory_iterator at(*directory_, error);
  if (error == std::errc::no_such_file_or_directory) return;
  if (error) throw cannot_list(*directory_, error);
  while (at != fs::directory_iterator()) {
    add(*at, name_bytes_max);
    at.increment(error);
    if (error) throw cannot_list(*directory_, error);
  }
}

void ChannelDirectories::add(const fs::directory_entry& entry, std::size_t name_bytes_max) {
  const auto name = parse(entry.path().filename().string(), name_bytes_max);
  if (!name) return;
  std::error_code error;
  const bool is_directory = entry.is_directory(error);
  if (error) throw cannot_list(entry.path(), error);
  if (!is_directory) return;
  const auto known = resets_.find(name->channel);
  if (!name->resets || (known != resets_.end() && known->second > *name->resets)) {
    leftovers_.push_back(entry.path());
    return;
  }
  if (known != resets_.end()) leftovers_.push_back(path_of(known->first, known->second));
  resets_[name->channel] = *name->resets;
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
