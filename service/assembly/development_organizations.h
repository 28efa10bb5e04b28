#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "service/base/mutex.h"
#include "service/gateway/admin/organization_host.h"
#include "service/security/dev/dev_identities.h"

namespace ccbus {

// The organisations of development that the service plays: in a directory, one folder each, or in
// memory only.
//
// Thread: any. Blocks: on the disk.
class DevelopmentOrganizations final : public gateway::OrganizationHost {
 public:
  // nullopt: in memory only.
  explicit DevelopmentOrganizations(std::optional<std::filesystem::path> directory)
      : directory_(std::move(directory)) {}

  // Opens those that an earlier run has made. Errors: kIo, kCorrupt, naming the folder.
  [[nodiscard]] Result<std::map<std::string, gateway::DevelopmentOrganization>> open_all()
      CCBUS_EXCLUDES(mutex_);

  Result<gateway::DevelopmentOrganization> open(const std::string& msp_id) override
      CCBUS_EXCLUDES(mutex_);

 private:
  [[nodiscard]] Result<gateway::DevelopmentOrganization> open_one(const std::string& msp_id)
      CCBUS_REQUIRES(mutex_);

  const std::optional<std::filesystem::path> directory_;
  Mutex mutex_;
  std::map<std::string, gateway::DevelopmentOrganization> opened_ CCBUS_GUARDED_BY(mutex_);
};

// Reads the identities that the configuration names (peer.identities), which endorse.
// Blocks: on the disk. Errors: those of SigningIdentity::from_msp_folder().
[[nodiscard]] Result<std::map<std::string, gateway::ServiceIdentities::Organization>>
read_endorsing_identities(const std::map<std::string, std::string>& folders);

}  // namespace ccbus
