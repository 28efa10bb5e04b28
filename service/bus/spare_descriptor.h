#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace ccbus::bus {

// A descriptor that is kept for copies of others, so that one can be copied even when the process
// has no descriptor left.
//
// Thread: one at a time.
class SpareDescriptor {
 public:
  // Throws std::system_error if there is no descriptor.
  SpareDescriptor() : null_(open_null()), spare_(fcntl(null_, F_DUPFD_CLOEXEC, 0)) {
    if (spare_ >= 0) return;
    close(null_);
    throw std::system_error(errno, std::generic_category(), "a spare descriptor");
  }
  ~SpareDescriptor() {
    close(spare_);
    close(null_);
  }
  SpareDescriptor(const SpareDescriptor&) = delete;
  SpareDescriptor& operator=(const SpareDescriptor&) = delete;

  // Calls `use` with a copy of the descriptor, which ends with the call. Does nothing if the
  // descriptor is closed.
  template <class Use>
  void with_copy_of(int descriptor, Use use) {
    if (dup3(descriptor, spare_, O_CLOEXEC) < 0) return;
    use(spare_);
    dup3(null_, spare_, O_CLOEXEC);  // Closes the copy.
  }

 private:
  static int open_null() {
    const int descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) throw std::system_error(errno, std::generic_category(), "/dev/null");
    return descriptor;
  }

  const int null_;
  const int spare_;
};

}  // namespace ccbus::bus
