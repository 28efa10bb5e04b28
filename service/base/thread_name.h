#pragma once

#include <pthread.h>

namespace ccbus {

// Names the calling thread for top -H, perf and debuggers. Longer names than 15 characters are not
// taken over. The main thread keeps the process's name, and is the bus thread of ccbusd.
inline void name_this_thread(const char* name) {
  static_cast<void>(pthread_setname_np(pthread_self(), name));
}

}  // namespace ccbus
