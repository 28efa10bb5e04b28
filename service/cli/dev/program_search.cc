#include "service/cli/dev/program_search.h"

#include <unistd.h>

#include <sstream>
#include <system_error>

namespace ccbus::cli {
namespace {

bool is_program(const std::filesystem::path& file) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(file, ignored) && access(file.c_str(), X_OK) == 0;
}

}  // namespace

Result<std::filesystem::path> find_program(const std::string& name,
                                           const std::filesystem::path& beside,
                                           const std::string& path) {
  const std::filesystem::path directory = beside.parent_path();
  if (is_program(directory / name)) return directory / name;
  std::istringstream directories(path);
  for (std::string one; std::getline(directories, one, ':');) {
    if (!one.empty() && is_program(std::filesystem::path(one) / name)) {
      return std::filesystem::absolute(std::filesystem::path(one) / name);
    }
  }
  return fail(ErrorCode::kNotFound, "there is no " + name + " beside ccbus, in " +
                                        directory.string() + ", and none on the PATH");
}

}  // namespace ccbus::cli
