#include "service/ledger/state/store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <string>

#include "tests/support/process.h"

using namespace ccbus;
using namespace ccbus::ledger;

namespace {

namespace fs = std::filesystem;

// A process that holds the lock of a file until it is destroyed. The child calls only what is
// allowed after fork() in a program with threads.
class LockHolder {
 public:
  explicit LockHolder(const fs::path& file) {
    std::array<int, 2> ready{};
    REQUIRE(pipe(ready.data()) == 0);
    pid_ = fork();
    REQUIRE(pid_ >= 0);
    if (pid_ == 0) {
      struct flock lock {};
      lock.l_type = F_WRLCK;
      lock.l_whence = SEEK_SET;
      const int descriptor = open(file.c_str(), O_RDWR);
      const char held = fcntl(descriptor, F_SETLK, &lock) == 0 ? 'y' : 'n';
      if (write(ready[1], &held, 1) == 1) pause();
      _exit(0);
    }
    close(ready[1]);
    char held = 'n';
    REQUIRE(read(ready[0], &held, 1) == 1);
    close(ready[0]);
    REQUIRE(held == 'y');
  }
  ~LockHolder() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  LockHolder(const LockHolder&) = delete;
  LockHolder& operator=(const LockHolder&) = delete;

  [[nodiscard]] pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = -1;
};

}  // namespace

TEST_CASE("a database that another process uses is refused with its directory and that process",
          "[ledger][issue-13]") {
  const test::TemporaryDirectory directory;
  const fs::path path = directory.path() / "ledger";
  REQUIRE(Store::open({path}));
  {
    const LockHolder other(path / "LOCK");
    const auto refused = Store::open({path});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::kIo);
    CHECK(refused.error().message == "another process (pid " + std::to_string(other.pid()) +
                                         ") uses the ledger in " + path.string());
  }
  CHECK(Store::open({path}));
}

TEST_CASE("a database that this process has open keeps its lock when it is opened again",
          "[ledger][issue-13]") {
  const test::TemporaryDirectory directory;
  const auto first = Store::open({directory.path()});
  REQUIRE(first);
  const auto again = Store::open({directory.path()});
  REQUIRE_FALSE(again);
  CHECK_THAT(again.error().message, Catch::Contains(directory.path().string() + "/LOCK"));
  // Another process is still kept out: this one would not see its own lock.
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const int descriptor = open((directory.path() / "LOCK").c_str(), O_RDWR);
    _exit(fcntl(descriptor, F_SETLK, &lock) == 0 ? 1 : 0);
  }
  int status = -1;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(status == 0);
}

TEST_CASE("the directory of a database is for its owner alone, whatever the umask",
          "[ledger][issue-13]") {
  const test::TemporaryDirectory directory;
  const mode_t before = umask(0);
  const auto store = Store::open({directory.path() / "channels" / "ch1"});
  umask(before);
  REQUIRE(store);
  for (const char* name : {"channels", "channels/ch1"}) {
    CHECK(fs::status(directory.path() / name).permissions() == fs::perms::owner_all);
  }
}
