#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "service/base/result.h"

namespace ccbus {
class ChaincodeDefinition;
}  // namespace ccbus

namespace ccbus::cli {

// What a chaincode's definition takes from files: its collections and its indexes.

// One *.json of an indexes/ folder.
struct IndexFile {
  std::string path;        // For messages.
  std::string collection;  // Empty: of public state.
  std::string text;
};

// Adds the collections of Fabric's collections_config.json.
//
// Blocks: on the disk. Errors: kIo; kInvalid, naming the file, the collection and the field.
[[nodiscard]] Result<void> add_collections(const std::filesystem::path& file,
                                           ccbus::ChaincodeDefinition& definition);

// Reads a directory like META-INF/statedb/couchdb of a chaincode package: indexes/*.json, then
// collections/<name>/indexes/*.json, in the order of their names.
//
// Blocks: on the disk. Errors: kIo; kInvalid: it has no such file.
[[nodiscard]] Result<std::vector<IndexFile>> read_index_files(
    const std::filesystem::path& directory);

// Adds indexes to a definition that has its collections already. Of two with one name the later
// one stays, as in CouchDB; as in Fabric, none is made of a collection that is not defined. Returns
// what people should know of that, a line each.
//
// Errors: kInvalid, naming the file, the member and what is wrong with it.
[[nodiscard]] Result<std::vector<std::string>> add_indexes(const std::vector<IndexFile>& files,
                                                           ccbus::ChaincodeDefinition& definition);

}  // namespace ccbus::cli
