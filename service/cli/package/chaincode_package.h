#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "service/base/result.h"
#include "service/cli/json/definition_files.h"

namespace ccbus::cli {

inline constexpr std::uint64_t kPackageBytesMax = 100u << 20;     // Of the file, and unpacked.
inline constexpr std::uint64_t kPackageJsonBytesMax = 64u << 10;  // metadata.json, connection.json.
inline constexpr std::uint64_t kIndexBytesMax = 1u << 20;
inline constexpr std::size_t kPackageEntriesMax = 10'000;

// A chaincode package of Fabric, of a chaincode that runs as a service: a .tar.gz with
//   metadata.json  {"type": "ccaas", "label": "basic_1.0"}
//   code.tar.gz    with connection.json and META-INF/statedb/couchdb/
struct ChaincodePackage {
  std::string id;  // "<label>:<SHA-256 of the package>", by which Fabric knows it.
  std::string label;
  std::string type;                // "ccaas" or "external".
  std::string connection;          // connection.json, not checked.
  std::vector<IndexFile> files;    // Indexes, those of public state first.
  std::vector<std::string> notes;  // What people should know.
};

// Reads a package, or a file that becomes a part of one.
//
// Blocks: on the disk. Errors: kIo; kExhausted: it has more than `bytes_max` bytes.
[[nodiscard]] Result<std::string> read_package_part(const std::filesystem::path& file,
                                                    std::uint64_t bytes_max);

// Reads the bytes of a package.
//
// Blocks: never. Errors: kInvalid, naming the part and what is wrong with it, or the type that a
//         peer would have to build; kExhausted, naming the value and the limit.
// Source: Fabric's core/chaincode/persistence/chaincode_package.go, ccaas_builder.
[[nodiscard]] Result<ChaincodePackage> read_chaincode_package(std::string_view bytes);

// How `peer` introduces a package id.
inline constexpr const char* kPackageIdentifier = "Chaincode code package identifier: ";

// The id of a package that has these bytes.
[[nodiscard]] std::string package_id(const std::string& label, std::string_view bytes);

struct PackageContent {
  std::string label;
  std::string type = "ccaas";
  std::string connection;        // connection.json.
  std::vector<IndexFile> files;  // Each with its path below META-INF/statedb/couchdb/.
};

// Makes a package that read_chaincode_package() and Fabric's peer take. The same content gives the
// same bytes, and so the same id.
//
// Errors: as of read_chaincode_package(), which reads it for a check.
[[nodiscard]] Result<std::string> write_chaincode_package(const PackageContent& content);

}  // namespace ccbus::cli
