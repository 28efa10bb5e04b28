// Any file gives an error with a text, or a configuration whose values read as the same ones.

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <string>

#include "service/base/assert.h"
#include "service/config/config.h"
#include "service/config/config_entries.h"

namespace {

// A file in memory.
class MemoryFile {
 public:
  MemoryFile() : descriptor_(memfd_create("ccbus.yaml", MFD_CLOEXEC)) {
    CCBUS_ASSERT(descriptor_ >= 0);
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() { close(descriptor_); }

  void write(const std::uint8_t* data, std::size_t size) const {
    CCBUS_ASSERT(ftruncate(descriptor_, 0) == 0);
    CCBUS_ASSERT(pwrite(descriptor_, data, size, 0) == static_cast<ssize_t>(size));
  }
  [[nodiscard]] std::filesystem::path path() const {
    return "/proc/self/fd/" + std::to_string(descriptor_);
  }

 private:
  int descriptor_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const MemoryFile file;
  file.write(data, size);
  const auto loaded = ccbus::load_config({file.path(), {}, {}});
  if (!loaded) {
    CCBUS_ASSERT(!loaded.error().message.empty());
    return 0;
  }
  for (const ccbus::ConfigKey& key : ccbus::config_keys()) {
    ccbus::Config copy;
    const std::string shown = key.show(loaded->config);
    const auto set = key.set(copy, shown);
    CCBUS_ASSERT(set.has_value() && key.show(copy) == shown);
  }
  const auto entries = ccbus::describe(*loaded);
  const auto again = ccbus::parse_entries(ccbus::entries_json(entries));
  CCBUS_ASSERT(again.has_value() && again->size() == entries.size());
  return 0;
}
