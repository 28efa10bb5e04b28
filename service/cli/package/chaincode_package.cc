#include "service/cli/package/chaincode_package.h"

#include <algorithm>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <system_error>
#include <utility>

#include "service/base/chaincode_names.h"
#include "service/base/hex.h"
#include "service/base/printable.h"
#include "service/cli/package/archive.h"
#include "service/security/crypto/digest.h"

namespace ccbus::cli {
namespace {

using nlohmann::json;

constexpr const char* kMetadata = "metadata.json";
constexpr const char* kCode = "code.tar.gz";
constexpr const char* kConnection = "connection.json";
constexpr std::string_view kDatabase = "META-INF/statedb/couchdb/";
constexpr ArchiveLimits kLimits{.unpacked_bytes_max = kPackageBytesMax,
                                .entries_max = kPackageEntriesMax,
                                .path_bytes_max = 1024};
constexpr std::size_t kShownNameBytes = 100;

unexpected<Error> bad_package(const std::string& what) {
  return fail(ErrorCode::kInvalid, what);
}

unexpected<Error> in(const std::string& part, const Error& error) {
  return fail(error.code, part + ": " + error.message);
}

std::string lower_case(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

bool is_one_of(const std::string& text, std::initializer_list<const char*> of) {
  return std::find(of.begin(), of.end(), text) != of.end();
}

Result<std::string> text_member(const json& object, const char* name) {
  const auto at = object.find(name);
  if (at == object.end()) return bad_package(std::string(kMetadata) + ": " + name + " is missing");
  if (at->is_string()) return at->get<std::string>();
  return bad_package(std::string(kMetadata) + ": " + name + " is not a text");
}

// What the package says of itself.
Result<void> read_metadata(const std::string& text, ChaincodePackage& package) {
  const json object = json::parse(text, nullptr, false);
  if (!object.is_object()) return bad_package(std::string(kMetadata) + " is not a JSON object");
  const auto label = text_member(object, "label");
  if (!label) return unexpected(label.error());
  const auto type = text_member(object, "type");
  if (!type) return unexpected(type.error());
  package.label = *label;
  package.type = lower_case(*type);
  if (is_package_label(package.label)) return {};
  return bad_package(std::string(kMetadata) + ": invalid label '" +
                     printable(package.label, kShownNameBytes) + "': from 1 to " +
                     std::to_string(kPackageLabelBytesMax) +
                     " letters, digits and _.+- are possible, a letter or a digit first");
}

Result<void> check_type(const std::string& type) {
  if (is_one_of(type, {"ccaas", "external"})) return {};
  if (is_one_of(type, {"golang", "node", "java"})) {
    return bad_package(
        "it has the source of a chaincode of type " + type +
        ", which ccbus does not build: build it, and either start it with ccbus-bridge as its "
        "peer, or start it as a service and package its connection.json with `ccbus chaincode "
        "package`");
  }
  return bad_package(
      std::string(kMetadata) + ": '" + printable(type, kShownNameBytes) +
      "' is no type that ccbus installs: ccaas or external, a chaincode as a service");
}

// "indexes/a.json" and "collections/<name>/indexes/a.json", below META-INF/statedb/couchdb/.
// Returns the collection, empty for public state; nullopt: it is no index.
std::optional<std::string> collection_of(std::string_view path) {
  constexpr std::string_view kIndexes = "indexes/";
  constexpr std::string_view kCollections = "collections/";
  constexpr std::string_view kSuffix = ".json";
  if (!path.ends_with(kSuffix)) return std::nullopt;
  std::string collection;
  if (path.starts_with(kCollections)) {
    path.remove_prefix(kCollections.size());
    const auto slash = path.find('/');
    if (slash == std::string_view::npos || slash == 0) return std::nullopt;
    collection = path.substr(0, slash);
    path.remove_prefix(slash + 1);
  }
  if (!path.starts_with(kIndexes)) return std::nullopt;
  path.remove_prefix(kIndexes.size());
  const bool is_file = path.size() > kSuffix.size() && path.find('/') == std::string_view::npos;
  return is_file ? std::optional(collection) : std::nullopt;
}

std::optional<std::string> index_collection(const std::string& path) {
  if (!path.starts_with(kDatabase)) return std::nullopt;
  return collection_of(std::string_view(path).substr(kDatabase.size()));
}

Result<void> read_code(std::string_view bytes, ChaincodePackage& package) {
  auto files = read_archive(bytes, kLimits,
                            [&package](const std::string& path) -> std::optional<std::uint64_t> {
                              if (path == kConnection) return kPackageJsonBytesMax;
                              if (index_collection(path)) return kIndexBytesMax;
                              if (path.starts_with("META-INF/"))
                                package.notes.push_back(path + " is not used");
                              return std::nullopt;
                            });
  if (!files) return in(kCode, files.error());
  // As Fabric applies them, and as they are read from a directory.
  std::ranges::sort(*files, {}, &ArchiveFile::path);
  bool is_connected = false;
  for (ArchiveFile& file : *files) {
    if (const auto collection = index_collection(file.path)) {
      package.files.push_back({file.path, *collection, std::move(file.content)});
    } else {
      package.connection = std::move(file.content);
      is_connected = true;
    }
  }
  std::ranges::stable_sort(package.files, {}, &IndexFile::collection);
  if (is_connected) return {};
  return bad_package(std::string(kCode) + " has no " + kConnection +
                     ", which says where the chaincode listens");
}

}  // namespace

Result<std::string> read_package_part(const std::filesystem::path& file, std::uint64_t bytes_max) {
  std::error_code error;
  const std::uint64_t bytes = std::filesystem::file_size(file, error);
  if (error) return fail(ErrorCode::kIo, "cannot read " + file.string() + ": " + error.message());
  if (bytes > bytes_max) {
    return fail(ErrorCode::kExhausted, file.string() + " has " + std::to_string(bytes) +
                                           " bytes; at most " + std::to_string(bytes_max) +
                                           " are possible");
  }
  std::ifstream in(file, std::ios::binary);
  std::string content{std::istreambuf_iterator<char>(in), {}};
  if (!in) return fail(ErrorCode::kIo, "cannot read " + file.string());
  return content;
}

std::string package_id(const std::string& label, std::string_view bytes) {
  const auto digest = security::sha256({bytes});
  return label + ":" + to_hex(security::as_text(digest));
}

Result<ChaincodePackage> read_chaincode_package(std::string_view bytes) {
  if (bytes.size() > kPackageBytesMax) {
    return fail(ErrorCode::kExhausted, "it has " + std::to_string(bytes.size()) +
                                           " bytes; at most " + std::to_string(kPackageBytesMax) +
                                           " are possible");
  }
  ChaincodePackage package;
  const auto parts = read_archive(
      bytes, kLimits, [&package](const std::string& path) -> std::optional<std::uint64_t> {
        if (path == kMetadata) return kPackageJsonBytesMax;
        if (path == kCode) return kPackageBytesMax;
        package.notes.push_back(printable(path, kShownNameBytes) + " is not used");
        return std::nullopt;
      });
  if (!parts) return unexpected(parts.error());
  const auto part = [&parts](const char* name) {
    return std::ranges::find(*parts, name, &ArchiveFile::path);
  };
  if (part(kMetadata) == parts->end()) {
    return bad_package(std::string("it has no ") + kMetadata + ", as a chaincode package has");
  }
  if (auto read = read_metadata(part(kMetadata)->content, package); !read) {
    return unexpected(read.error());
  }
  if (auto checked = check_type(package.type); !checked) return unexpected(checked.error());
  if (part(kCode) == parts->end()) {
    return bad_package(std::string("it has no ") + kCode + ", as a chaincode package has");
  }
  if (auto read = read_code(part(kCode)->content, package); !read) return unexpected(read.error());
  package.id = package_id(package.label, bytes);
  return package;
}

Result<std::string> write_chaincode_package(const PackageContent& content) {
  std::vector<ArchiveFile> code{{kConnection, content.connection}};
  for (const IndexFile& file : content.files) {
    code.push_back({std::string(kDatabase) + file.path, file.text});
  }
  auto packed = write_archive(code);
  if (!packed) return unexpected(packed.error());
  const json metadata{{"path", ""}, {"type", content.type}, {"label", content.label}};
  auto package =
      write_archive({{kMetadata, metadata.dump(-1, ' ', false, json::error_handler_t::replace)},
                     {kCode, std::move(*packed)}});
  if (!package) return unexpected(package.error());
  if (auto read = read_chaincode_package(*package); !read) return unexpected(read.error());
  return package;
}

}  // namespace ccbus::cli
