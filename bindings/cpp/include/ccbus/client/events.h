#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <optional>
#include <string>

#include "ccbus/client/client.h"

namespace ccbus::client {

// The position from which a reader of events continues: in this block, after this transaction; if
// transaction_id is empty, at the beginning of the block.
struct Checkpoint {
  std::uint64_t block_number = 0;
  std::string transaction_id = {};

  bool operator==(const Checkpoint&) const = default;
};

struct ChaincodeEvent {
  std::uint64_t block_number = 0;
  protos::ChaincodeEvent event;
};

// The events of a channel's valid transactions, one after the other. A reader that stores the
// checkpoint of each event after handling it, and continues from it after a restart of the service
// or of its own process, misses no event and gets none twice.
//
// Thread: the client's.
class ChaincodeEvents {
 public:
  // Reads the events of one chaincode; of all if the name is empty. Without a checkpoint the events
  // begin with the first block that is committed after the first call of next(). The client must
  // outlive this object.
  ChaincodeEvents(Client& client, std::string channel_id, std::string chaincode_name,
                  std::optional<Checkpoint> from = std::nullopt);

  // The same for a question that is made already, such as a signed one of identity.h. Without a
  // checkpoint the events begin where it says.
  ChaincodeEvents(Client& client, ChaincodeEventsRequest question,
                  std::optional<Checkpoint> from = std::nullopt);

  // Returns the next event. Returns nullopt if there was none within `timeout`, or on an error,
  // which error() then describes. A lost connection is an error only if it lasts until `timeout`:
  // the client connects again.
  [[nodiscard]] std::optional<ChaincodeEvent> next(std::chrono::milliseconds timeout);

  // The position after the event that next() returned last. Store it once that event is handled.
  [[nodiscard]] const std::optional<Checkpoint>& checkpoint() const { return checkpoint_; }

  // The error of the last next(); ok() if there was none.
  [[nodiscard]] const Error& error() const { return error_; }

 private:
  void ask(std::chrono::milliseconds wait);
  [[nodiscard]] std::optional<ChaincodeEvent> take();

  Client& client_;
  const ChaincodeEventsRequest question_;  // Without a position and the time to wait.
  std::optional<Checkpoint> checkpoint_;   // For the caller.
  std::optional<Checkpoint> position_;     // For the next request.
  std::deque<ChaincodeEvent> received_;
  Error error_;
};

// Keeps a checkpoint in a file. After a crash the file has the checkpoint that was stored last or
// the one before it.
class FileCheckpointer {
 public:
  explicit FileCheckpointer(std::filesystem::path file) : file_(std::move(file)) {}

  // Returns nullopt if the file does not exist yet. Throws std::runtime_error, naming the file, if
  // it cannot be read or does not contain a checkpoint.
  [[nodiscard]] std::optional<Checkpoint> load() const;

  // The checkpoint is on disk when this returns. Throws std::runtime_error.
  void store(const Checkpoint& checkpoint) const;

 private:
  std::filesystem::path file_;
};

}  // namespace ccbus::client
