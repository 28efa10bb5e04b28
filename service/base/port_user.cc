#include "service/base/port_user.h"

#include <arpa/inet.h>

#include <charconv>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

#include "service/base/printable.h"

namespace ccbus {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kListening = "0A";
constexpr std::string_view kAnyIpv4 = "00000000";
constexpr std::string_view kAnyIpv6 = "00000000000000000000000000000000";

struct Place {
  std::string host;  // As /proc/net/tcp writes it: 0100007F; empty if it is no IPv4 address.
  std::uint16_t port = 0;
};

std::optional<Place> parse_place(std::string_view address) {
  const auto scheme = address.find("://");
  if (scheme != std::string_view::npos) address.remove_prefix(scheme + 3);
  const auto colon = address.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  Place place;
  const std::string_view port = address.substr(colon + 1);
  const auto parsed = std::from_chars(port.data(), port.data() + port.size(), place.port);
  if (parsed.ec != std::errc() || parsed.ptr != port.data() + port.size()) return std::nullopt;
  in_addr host{};
  if (inet_pton(AF_INET, std::string(address.substr(0, colon)).c_str(), &host) == 1) {
    char text[9];
    std::snprintf(text, sizeof text, "%08X", host.s_addr);
    place.host = text;
  }
  return place;
}

bool is_any(std::string_view host) {
  return host.empty() || host == kAnyIpv4 || host == kAnyIpv6;
}

// Returns the inode of the socket that listens at `place`, as text; empty if no socket does.
std::string listening_inode(const char* table, const Place& place) {
  std::ifstream sockets(table);
  for (std::string line; std::getline(sockets, line);) {
    std::istringstream fields(line);
    std::string slot, local, remote, state, queues, timer, retransmits, user, timeout, inode;
    fields >> slot >> local >> remote >> state >> queues >> timer >> retransmits >> user >>
        timeout >> inode;
    const auto colon = local.find(':');
    if (!fields || state != kListening || colon == std::string::npos) continue;
    const std::string host = local.substr(0, colon);
    const bool meets = host == place.host || is_any(host) || is_any(place.host);
    if (meets && std::stoul(local.substr(colon + 1), nullptr, 16) == place.port) return inode;
  }
  return {};
}

bool has_descriptor_of(const fs::path& process, const std::string& link) {
  std::error_code error;
  for (fs::directory_iterator at(process / "fd", error), end; !error && at != end;
       at.increment(error)) {
    std::error_code gone;
    if (fs::read_symlink(at->path(), gone) == link) return true;
  }
  return false;
}

}  // namespace

std::optional<std::string> find_port_user(std::string_view address) {
  const auto place = parse_place(address);
  if (!place) return std::nullopt;
  std::string inode = listening_inode("/proc/net/tcp", *place);
  if (inode.empty()) inode = listening_inode("/proc/net/tcp6", *place);
  if (inode.empty()) return std::nullopt;
  std::error_code error;
  for (fs::directory_iterator at("/proc", error), end; !error && at != end; at.increment(error)) {
    const std::string id = at->path().filename().string();
    if (id.find_first_not_of("0123456789") != std::string::npos) continue;
    if (!has_descriptor_of(at->path(), "socket:[" + inode + "]")) continue;
    std::string name;
    std::getline(std::ifstream(at->path() / "comm") >> std::ws, name);
    return printable(name) + ", process " + id;
  }
  return std::nullopt;
}

}  // namespace ccbus
