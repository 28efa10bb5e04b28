#include "service/assembly/development_organizations.h"

#include <algorithm>
#include <memory>
#include <string_view>
#include <system_error>
#include <utility>

#include "service/security/signing/signing_identity.h"

namespace ccbus {
namespace {

// An MSP id is the name of a folder here.
Result<void> check_msp_id(const std::string& msp_id) {
  constexpr std::size_t kBytesMax = 100;
  constexpr std::string_view kAllowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.";
  const bool is_sound = !msp_id.empty() && msp_id.size() <= kBytesMax && msp_id.front() != '.' &&
                        msp_id.find_first_not_of(kAllowed) == std::string::npos;
  if (is_sound) return {};
  return fail(ErrorCode::kInvalid, "'" + msp_id +
                                       "' is not an MSP id of letters, digits, '-' and '.', of at "
                                       "most " +
                                       std::to_string(kBytesMax) + " characters");
}

gateway::ServiceIdentities::Identity part_of(
    const std::shared_ptr<const security::DevIdentities>& identities,
    const security::SigningIdentity& one) {
  return {identities, &one};
}

}  // namespace

Result<gateway::DevelopmentOrganization> DevelopmentOrganizations::open(const std::string& msp_id) {
  const MutexLock lock(mutex_);
  return open_one(msp_id);
}

Result<gateway::DevelopmentOrganization> DevelopmentOrganizations::open_one(
    const std::string& msp_id) {
  if (const auto at = opened_.find(msp_id); at != opened_.end()) return at->second;
  if (auto sound = check_msp_id(msp_id); !sound) return unexpected(sound.error());
  auto made = directory_ ? security::DevIdentities::open(*directory_ / msp_id, msp_id)
                         : security::DevIdentities::make(msp_id);
  if (!made) return unexpected(made.error());
  const auto identities = std::make_shared<const security::DevIdentities>(std::move(*made));
  gateway::DevelopmentOrganization organization;
  organization.config.set_config(identities->msp_config().SerializeAsString());
  organization.identities = {part_of(identities, identities->peer()),
                             part_of(identities, identities->client()),
                             part_of(identities, identities->admin()), identities};
  return opened_.emplace(msp_id, std::move(organization)).first->second;
}

Result<std::map<std::string, gateway::DevelopmentOrganization>>
DevelopmentOrganizations::open_all() {
  const MutexLock lock(mutex_);
  if (!directory_) return opened_;
  std::error_code failed;
  for (std::filesystem::directory_iterator at(*directory_, failed), end; !failed && at != end;
       at.increment(failed)) {
    if (!at->is_directory(failed)) continue;
    if (auto opened = open_one(at->path().filename().string()); !opened) {
      return unexpected(opened.error());
    }
  }
  if (failed && failed != std::errc::no_such_file_or_directory) {
    return fail(ErrorCode::kIo, directory_->string() + ": " + failed.message());
  }
  return opened_;
}

Result<std::map<std::string, gateway::ServiceIdentities::Organization>> read_endorsing_identities(
    const std::map<std::string, std::string>& folders) {
  std::map<std::string, gateway::ServiceIdentities::Organization> read;
  for (const auto& [msp_id, folder] : folders) {
    auto identity = security::SigningIdentity::from_msp_folder(folder, msp_id);
    if (!identity) return unexpected(identity.error());
    read[msp_id].peer = std::make_shared<const security::SigningIdentity>(std::move(*identity));
  }
  return read;
}

}  // namespace ccbus
