#include "service/bridge/chaincode/chaincode_service_files.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <system_error>

#include "service/base/durable_files.h"

namespace ccbus::bridge {

constexpr const char* kSuffix = ".json";

std::filesystem::path ChaincodeServiceFiles::file_of(const std::string& name) const {
  return directory_ / (name + kSuffix);
}

Result<std::vector<ChaincodeService>> ChaincodeServiceFiles::read() const {
  std::vector<ChaincodeService> services;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory_, error)) {
    if (entry.path().extension() != kSuffix) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    std::ostringstream text;
    if (file) text << file.rdbuf();
    if (!file) return fail(ErrorCode::kIo, "cannot read " + entry.path().string());
    auto service = parse_chaincode_service(text.str());
    if (!service) {
      return fail(ErrorCode::kInvalid, entry.path().string() + ": " + service.error().message);
    }
    services.push_back(std::move(*service));
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    return fail(ErrorCode::kIo, directory_.string() + ": " + error.message());
  }
  std::ranges::sort(services, {}, &ChaincodeService::name);
  return services;
}

Result<void> ChaincodeServiceFiles::keep(const ChaincodeService& service) const {
  if (auto made = make_directories(directory_); !made) return made;
  return write_durably(file_of(service.name), format(service));
}

Result<void> ChaincodeServiceFiles::remove(const std::string& name) const {
  std::error_code error;
  if (std::filesystem::remove(file_of(name), error)) return sync_directory(directory_);
  if (error) return fail(ErrorCode::kIo, file_of(name).string() + ": " + error.message());
  return fail(ErrorCode::kNotFound, "no chaincode as a service is called '" + name + "'");
}

}  // namespace ccbus::bridge
