#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "service/base/result.h"
#include "service/bridge/chaincode/chaincode_service.h"

namespace ccbus::bridge {

// The chaincodes as a service that the bridge calls, one file each: <directory>/<name>.json. They
// may hold keys of TLS, so that only the bridge's user reads them.
//
// Blocks: on the disk. Thread: any, one at a time.
class ChaincodeServiceFiles {
 public:
  explicit ChaincodeServiceFiles(std::filesystem::path directory)
      : directory_(std::move(directory)) {}

  // By name. Errors: kIo; kInvalid, naming the file.
  [[nodiscard]] Result<std::vector<ChaincodeService>> read() const;
  // Durable when it returns. Errors: kIo.
  [[nodiscard]] Result<void> keep(const ChaincodeService& service) const;
  // Errors: kNotFound, kIo.
  [[nodiscard]] Result<void> remove(const std::string& name) const;

 private:
  [[nodiscard]] std::filesystem::path file_of(const std::string& name) const;

  const std::filesystem::path directory_;
};

}  // namespace ccbus::bridge
