#include "tests/soak/process_usage.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace ccbus::soak {

ProcessUsage usage_of(pid_t pid) {
  const std::string process = "/proc/" + std::to_string(pid);
  std::ifstream status(process + "/status");
  if (!status) throw std::runtime_error("the service has gone: no " + process);
  ProcessUsage usage;
  for (std::string word; status >> word;) {
    std::uint64_t number = 0;
    if (word == "VmRSS:" && status >> number) usage.resident_bytes = number * 1024;
    if (word == "VmHWM:" && status >> number) usage.peak_bytes = number * 1024;
    if (word == "Threads:" && status >> number) usage.threads = number;
  }
  const std::filesystem::directory_iterator descriptors(process + "/fd");
  usage.descriptors =
      static_cast<std::uint64_t>(std::distance(begin(descriptors), end(descriptors)));
  return usage;
}

}  // namespace ccbus::soak
