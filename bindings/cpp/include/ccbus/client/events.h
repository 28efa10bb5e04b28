#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <optional>
#include <string>

#include "ccbus/client/client.h"

namespace ccbus::client {

// Where a reader of events goes on: in this block, behind this transaction; with none, at its
// beginning.
struct Checkpoint {
  std::uint64_t block_number = 0;
  std::string transaction_id = {};

  bool operator==(const Checkpoint&) const = default;
};

struct ChaincodeEvent {
  std::uint64_t block_number = 0;
  protos::ChaincodeEvent event;
};

// The events of a channel's valid transactions, one after the other. Whoever restarts, the service
// or this process: who goes on from the checkpoint of what it has dealt with misses none and gets
// none twice.
//
// Thread: the client's.
class ChaincodeEvents {
 public:
  // Of one chaincode, or with an empty name of all. Without a checkpoint the first event is one of
  // a block that is committed after the first call of next(). The client outlives it.
  ChaincodeEvents(Client& client, std::string channel_id, std::string chaincode_name,
                  std::optional<Checkpoint> from = std::nullopt);

  // The next event; nothing where none came within `timeout`, or error() says why not. A lost
  // connection is no error until `timeout` has passed with it: the client connects again.
  [[nodiscard]] std::optional<ChaincodeEvent> next(std::chrono::milliseconds timeout);

  // Behind the event that next() returned last. Store it once that event has been dealt with.
  [[nodiscard]] const std::optional<Checkpoint>& checkpoint() const { return checkpoint_; }

  // Of the last next().
  [[nodiscard]] const Error& error() const { return error_; }

 private:
  void ask(std::chrono::milliseconds wait);
  [[nodiscard]] std::optional<ChaincodeEvent> take();

  Client& client_;
  const std::string channel_id_;
  const std::string chaincode_name_;
  std::optional<Checkpoint> checkpoint_;  // For the caller.
  std::optional<Checkpoint> position_;    // For the next request.
  std::deque<ChaincodeEvent> received_;
  Error error_;
};

// A checkpoint in a file: what was stored last, or the one before it, whatever happens meanwhile.
class FileCheckpointer {
 public:
  explicit FileCheckpointer(std::filesystem::path file) : file_(std::move(file)) {}

  // Nothing where there is no file yet. Throws std::runtime_error, naming it, where it is no
  // checkpoint or cannot be read.
  [[nodiscard]] std::optional<Checkpoint> load() const;

  // On the disk when it returns. Throws std::runtime_error.
  void store(const Checkpoint& checkpoint) const;

 private:
  std::filesystem::path file_;
};

}  // namespace ccbus::client
