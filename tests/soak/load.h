#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "ccbus/client/client.h"

namespace ccbus::soak {

// What happened since the last look.
struct Tally {
  std::uint64_t committed = 0;
  std::uint64_t refused = 0;                       // Submits with an error of the service.
  std::vector<std::chrono::microseconds> latency;  // Of evaluates that were answered.
};

// One client of the chaincode `notes` in a thread of its own. It writes one key after the other,
// and reads keys again whose commit was acknowledged.
class Load {
 public:
  // Begins. `name` distinguishes its keys.
  Load(const std::string& endpoint, std::string name);
  ~Load();  // Ends the thread.
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  [[nodiscard]] Tally take();

  // The number of keys whose commit was acknowledged.
  [[nodiscard]] std::size_t acknowledged() const;
  // Acknowledged keys that were not there, or had another value, when they were read.
  [[nodiscard]] std::uint64_t lost() const { return lost_; }

  // Reads every acknowledged key, with another client. Returns how many are lost. Call it after the
  // thread was ended by end().
  [[nodiscard]] std::uint64_t read_all(client::Client& client) const;
  void end();

 private:
  void run();
  void write_one(client::Client& client);
  void read_one(client::Client& client);
  [[nodiscard]] std::string key(std::uint64_t number) const;

  const std::string endpoint_;
  const std::string name_;
  std::atomic<bool> ending_{false};
  std::atomic<std::uint64_t> lost_{0};
  std::uint64_t written_ = 0;

  mutable std::mutex mutex_;
  Tally tally_;
  std::vector<std::uint64_t> acknowledged_;

  std::thread thread_;
};

}  // namespace ccbus::soak
