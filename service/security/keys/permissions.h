#pragma once

#include <bitset>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "service/base/result.h"

namespace ccbus::security {

// What a key may be used for at the endpoint for clients.
enum class Right : std::size_t {
  kEvaluate,  // Run chaincode without ordering anything.
  kSubmit,    // Order transactions, and ask for their status.
  kEvents,    // Events of chaincodes; of blocks, what is not a transaction's content.
  kRead,      // Blocks, transactions, states and definitions.
  kDefine,    // Define chaincode on a channel.
  kChannels,  // Create and reset channels.
  kMaintain,  // Verify a ledger, write and restore snapshots.
  kKeys,      // Read the directory of keys again, and see who may do what.
  kCount,
};

[[nodiscard]] std::string_view to_string(Right right);

// What the holder of a key may do. They are kept in the metadata of its certificate, in the
// directory of allowed keys:
//
//   register   patterns of the chaincode names that it may register: "basic, asset-*"
//   channels   patterns of the channels that it may use
//   rights     rights of a client: "evaluate, submit"; "client" for the first four, "admin" for the
//              others, "all"
//   snapshots  directories of the service's machine below which its snapshots may be
//   expires    "2027-01-31T00:00:00Z": from then on the key is not accepted
//   requests   "signed": only what a client has signed itself, see docs/security.md
//   attributes of the identity that stands for the key, where its holder does not sign itself:
//              "role=auditor, dept=7"
//
// What is missing is not allowed; a key without `expires` does not expire. Patterns are those of
// fnmatch(3): "*" stands for any text, "?" for one character, "[ab]" for one of them.
struct Permissions {
  using Rights = std::bitset<static_cast<std::size_t>(Right::kCount)>;

  std::vector<std::string> register_names;
  std::vector<std::string> channels;
  Rights rights;
  std::vector<std::filesystem::path> snapshots;  // Absolute.
  std::optional<std::chrono::sys_seconds> expires;
  bool only_signed = false;                       // `requests`.
  std::map<std::string, std::string> attributes;  // By name, without those of Fabric ("hf.").

  [[nodiscard]] static Permissions all();

  // Reads them from the metadata of a certificate. Other names in it are ignored.
  // Errors: kInvalid, naming the property, the value and what is allowed.
  [[nodiscard]] static Result<Permissions> parse(
      const std::map<std::string, std::string>& metadata);

  // The metadata that parse() reads.
  [[nodiscard]] std::map<std::string, std::string> metadata() const;

  [[nodiscard]] bool has(Right right) const { return rights.test(static_cast<std::size_t>(right)); }
  [[nodiscard]] bool may_register(std::string_view name) const;
  [[nodiscard]] bool may_use(std::string_view channel) const;
  // Whether a path is below one of `snapshots`; symbolic links of its existing part are followed.
  // Blocks: on the disk.
  [[nodiscard]] bool may_keep_snapshot(const std::filesystem::path& path) const;

  bool operator==(const Permissions&) const = default;
};

// "register", "channels", "rights", "snapshots", "expires", "requests", "attributes".
[[nodiscard]] std::span<const std::string_view> permission_properties();

}  // namespace ccbus::security
