#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

// A mutex for Clang's thread-safety analysis (-Wthread-safety), which checks at compile time that a
// member marked CCBUS_GUARDED_BY(mutex_) is used only while mutex_ is held, and that a function
// marked CCBUS_REQUIRES(mutex_) is called only then. Other compilers ignore the marks.
#ifdef __clang__
#define CCBUS_THREAD_ATTRIBUTE(attribute) __attribute__((attribute))
#else
#define CCBUS_THREAD_ATTRIBUTE(attribute)
#endif
#define CCBUS_GUARDED_BY(mutex) CCBUS_THREAD_ATTRIBUTE(guarded_by(mutex))
#define CCBUS_REQUIRES(mutex) CCBUS_THREAD_ATTRIBUTE(requires_capability(mutex))
#define CCBUS_EXCLUDES(mutex) CCBUS_THREAD_ATTRIBUTE(locks_excluded(mutex))

namespace ccbus {

class CCBUS_THREAD_ATTRIBUTE(capability("mutex")) Mutex {
 public:
  Mutex() = default;
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;

  void lock() CCBUS_THREAD_ATTRIBUTE(acquire_capability()) { mutex_.lock(); }
  void unlock() CCBUS_THREAD_ATTRIBUTE(release_capability()) { mutex_.unlock(); }

 private:
  friend class Condition;
  std::mutex mutex_;
};

// Locks the mutex in its constructor and unlocks it in its destructor.
class CCBUS_THREAD_ATTRIBUTE(scoped_lockable) MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) CCBUS_THREAD_ATTRIBUTE(acquire_capability(mutex))
      : mutex_(mutex) {
    mutex_.lock();
  }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;
  ~MutexLock() CCBUS_THREAD_ATTRIBUTE(release_capability()) { mutex_.unlock(); }

 private:
  Mutex& mutex_;
};

// A condition variable for Mutex. A wait releases the mutex and takes it again before it returns;
// it may return without a notification, so call it in a loop that checks the condition.
class Condition {
 public:
  void wait(Mutex& mutex) CCBUS_REQUIRES(mutex) {
    std::unique_lock lock(mutex.mutex_, std::adopt_lock);
    condition_.wait(lock);
    lock.release();
  }
  // Returns false if the time has passed.
  template <class Clock, class Duration>
  bool wait_until(Mutex& mutex, std::chrono::time_point<Clock, Duration> until)
      CCBUS_REQUIRES(mutex) {
    std::unique_lock lock(mutex.mutex_, std::adopt_lock);
    const auto status = condition_.wait_until(lock, until);
    lock.release();
    return status == std::cv_status::no_timeout;
  }

  void notify_one() { condition_.notify_one(); }
  void notify_all() { condition_.notify_all(); }

 private:
  std::condition_variable condition_;
};

}  // namespace ccbus
