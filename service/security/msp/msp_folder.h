#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "fabric/msp/msp_config.pb.h"
#include "service/base/result.h"

namespace ccbus::security {

struct MspFolder {
  msp::FabricMSPConfig config;
  std::vector<std::string> notes;  // Files that were passed over, and why; for a log.
};

// Reads the folder of an MSP in Fabric's layout (msp/configbuilder.go): cacerts, intermediatecerts,
// admincerts, crls, tlscacerts, tlsintermediatecerts, config.yaml. Files of one folder are taken in
// the order of their names. A file without anything in PEM is passed over; what its content is
// worth, Msp::make decides. Keys are not read.
//
// Blocks: on the disk. Errors: kInvalid  no CA certificate, a config.yaml that is none, a
//         certificate of OrganizationalUnitIdentifiers that cannot be read.
//         kIo  a folder that exists cannot be read.
[[nodiscard]] Result<MspFolder> read_msp_folder(const std::filesystem::path& directory,
                                                const std::string& msp_id);

}  // namespace ccbus::security
