#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "service/ordering/log/log.h"

namespace ccbus::test {

// A log that has nothing in it, for check_conformance().
struct LogUnderTest {
  // Whether it can be opened several times at once, and keeps what it has when it is closed.
  bool is_shared = true;

  // What a ledger has of it: up to the record at that position, with that hash.
  struct Applied {
    LogPosition position = {};
    std::string hash = {};
    std::string generation = "sixteen bytes!!!";
  };
  std::function<std::unique_ptr<ordering::Log>(Applied applied)> open;

  // How long a replica waits for a record in check_replicas().
  std::chrono::milliseconds turn{0};
};

// What every log has to do: the sections of a test case.
void check_conformance(const LogUnderTest& log);

// What replicas do with every log that they share: three of them, of which one is started again and
// again, apply the same bundles, in one order, each of them once.
void check_replicas(const LogUnderTest& log);

}  // namespace ccbus::test
