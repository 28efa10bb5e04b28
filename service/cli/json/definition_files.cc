#include "service/cli/json/definition_files.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <utility>

#include "ccbus/definition.pb.h"
#include "service/cli/json/collections_config.h"
#include "service/cli/json/index_definition.h"

namespace ccbus::cli {
namespace {

namespace fs = std::filesystem;

Result<std::string> read_definition_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file) return fail(ErrorCode::kIo, "cannot read " + path.string());
  return text;
}

// The entries of one directory in the order of their names; none if it is not there.
std::vector<fs::path> entries_of(const fs::path& directory) {
  std::vector<fs::path> entries;
  if (!fs::is_directory(directory)) return entries;
  for (const auto& entry : fs::directory_iterator(directory)) entries.push_back(entry.path());
  std::sort(entries.begin(), entries.end());
  return entries;
}

Result<void> read_index_folder(const fs::path& folder, const std::string& collection,
                               std::vector<IndexFile>& files) {
  for (const fs::path& path : entries_of(folder)) {
    if (!fs::is_regular_file(path) || path.extension() != ".json") continue;
    auto text = read_definition_file(path);
    if (!text) return unexpected(text.error());
    files.push_back({path.string(), collection, std::move(*text)});
  }
  return {};
}

bool is_same_index(const ccbus::IndexConfig& a, const ccbus::IndexConfig& b) {
  return a.collection() == b.collection() && a.design_document() == b.design_document() &&
         a.name() == b.name();
}

bool is_defined(const std::string& collection, const ccbus::ChaincodeDefinition& definition) {
  const auto& defined = definition.collections();
  return collection.empty() ||
         std::any_of(defined.begin(), defined.end(),
                     [&](const ccbus::CollectionConfig& one) { return one.name() == collection; });
}

// Adds the indexes of files, and collects notes.
class IndexAdder {
 public:
  explicit IndexAdder(ccbus::ChaincodeDefinition& definition) : definition_(definition) {}

  Result<void> add(const IndexFile& file) {
    if (!is_defined(file.collection, definition_)) {
      if (undefined_.insert(file.collection).second) {
        note(file, "no index is made of this file and others beside it, because the collection " +
                       file.collection + " is not defined");
      }
      return {};
    }
    auto index = parse_index_definition(file.text, file.collection);
    if (!index) return fail(ErrorCode::kInvalid, file.path + ": " + index.error().message);
    for (const std::string& text : index->notes) note(file, text);
    if (index->config) put(std::move(*index->config), file);
    return {};
  }

  std::vector<std::string> take_notes() { return std::move(notes_); }

 private:
  void put(ccbus::IndexConfig index, const IndexFile& file) {
    for (ccbus::IndexConfig& known : *definition_.mutable_indexes()) {
      if (!is_same_index(known, index)) continue;
      note(file, "the index " + index.design_document() + "/" + index.name() +
                     " takes the place of one with the same name");
      known = std::move(index);
      return;
    }
    *definition_.add_indexes() = std::move(index);
  }

  void note(const IndexFile& file, const std::string& text) {
    notes_.push_back(file.path + ": " + text);
  }

  ccbus::ChaincodeDefinition& definition_;
  std::set<std::string> undefined_;
  std::vector<std::string> notes_;
};

}  // namespace

Result<void> add_collections(const fs::path& file, ccbus::ChaincodeDefinition& definition) {
  const auto text = read_definition_file(file);
  if (!text) return unexpected(text.error());
  auto collections = parse_collections_config(*text);
  if (!collections) {
    return fail(ErrorCode::kInvalid, file.string() + ": " + collections.error().message);
  }
  for (auto& collection : *collections) *definition.add_collections() = std::move(collection);
  return {};
}

Result<std::vector<IndexFile>> read_index_files(const fs::path& directory) {
  if (!fs::is_directory(directory)) {
    return fail(ErrorCode::kIo, directory.string() + " is not a directory");
  }
  std::vector<IndexFile> files;
  auto read = read_index_folder(directory / "indexes", "", files);
  for (const fs::path& collection : entries_of(directory / "collections")) {
    if (read) read = read_index_folder(collection / "indexes", collection.filename(), files);
  }
  if (!read) return unexpected(read.error());
  if (!files.empty()) return files;
  return fail(ErrorCode::kInvalid, directory.string() +
                                       " has no index: no file indexes/*.json, and no "
                                       "collections/<name>/indexes/*.json");
}

Result<std::vector<std::string>> add_indexes(const std::vector<IndexFile>& files,
                                             ccbus::ChaincodeDefinition& definition) {
  IndexAdder adder(definition);
  for (const IndexFile& file : files) {
    if (auto added = adder.add(file); !added) return unexpected(added.error());
  }
  return adder.take_notes();
}

}  // namespace ccbus::cli
