// Any bytes as a chaincode package give an error with a text, or a package with a label and its id;
// any text as its connection.json gives an error with a text, or addresses.

#include "service/cli/package/chaincode_package.h"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "service/base/assert.h"
#include "service/base/chaincode_names.h"
#include "service/cli/package/archive.h"
#include "service/cli/package/connection_file.h"

namespace {

using namespace ccbus::cli;

void check_package(std::string_view bytes) {
  const auto package = read_chaincode_package(bytes);
  if (!package) {
    CCBUS_ASSERT(!package.error().message.empty());
    return;
  }
  CCBUS_ASSERT(ccbus::is_package_label(package->label));
  CCBUS_ASSERT(package->id == package_id(package->label, bytes));
}

void check_connection(const std::string& text) {
  const auto connection = read_connection_file(text, {R"({"a":"b","port":1})", {}});
  CCBUS_ASSERT(connection ? !connection->at("addresses").empty()
                          : !connection.error().message.empty());
}

}  // namespace

// The bytes as they are; as both parts of a package whose archive is sound; and as code.tar.gz.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  check_package(bytes);
  check_connection(bytes);
  const std::string metadata = R"({"type":"ccaas","label":"a"})";
  check_package(*write_archive({{"metadata.json", metadata}, {"code.tar.gz", bytes}}));
  check_package(*write_archive({{"metadata.json", bytes}, {"code.tar.gz", bytes}}));
  return 0;
}
