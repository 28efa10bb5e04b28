#include "tests/bench/function_names.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/support/process.h"

namespace ccbus::bench {
namespace {

constexpr const char* kAddr2line = "/usr/bin/addr2line";
constexpr std::chrono::seconds kPatience{30};

std::string hexadecimal(std::uintptr_t value) {
  std::ostringstream text;
  text << "0x" << std::hex << value;
  return text.str();
}

}  // namespace

// A line: begin-end permissions offset device inode file.
FunctionNames::FunctionNames(pid_t process) {
  std::ifstream in("/proc/" + std::to_string(process) + "/maps");
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    Mapping mapping;
    char dash = 0;
    std::string permissions, device, inode;
    words >> std::hex >> mapping.begin >> dash >> mapping.end >> permissions >> mapping.offset >>
        device >> inode >> mapping.file;
    if (permissions.find('x') != std::string::npos) mappings_.push_back(mapping);
  }
}

std::vector<std::string> FunctionNames::of(const std::vector<std::uintptr_t>& addresses) const {
  std::vector<std::string> names;
  for (const std::uintptr_t address : addresses) names.push_back(name_of(address));
  return names;
}

std::string FunctionNames::name_of(std::uintptr_t address) const {
  const std::uintptr_t call = address - 1;  // The call itself, not the instruction after it.
  const auto at = std::find_if(mappings_.begin(), mappings_.end(), [call](const Mapping& mapping) {
    return mapping.begin <= call && call < mapping.end;
  });
  if (at == mappings_.end() || !at->file.starts_with('/')) return "??";
  test::Process addr2line(
      {kAddr2line, "-fCe", at->file, hexadecimal(call - at->begin + at->offset)});
  return addr2line.read_line(kPatience) + " [" +
         std::filesystem::path(at->file).filename().string() + "]";
}

}  // namespace ccbus::bench
