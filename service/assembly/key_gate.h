#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "service/assembly/wiring.h"
#include "service/base/log.h"
#include "service/bus/admission.h"
#include "service/bus/next_state_pipe.h"
#include "service/config/config.h"
#include "service/gateway/admin/key_admin.h"
#include "service/metrics/metrics.h"
#include "service/security/keys/key_holders.h"
#include "service/security/keys/key_store.h"

namespace ccbus {

// Where security.serverKey is set: who may connect, and who has. Without it nobody is asked for a
// key, and everybody may do everything.
class KeyGate {
 public:
  // Reads the directory of allowed keys and begins to answer handshakes. Throws std::runtime_error
  // if the service's key or the directory cannot be read.
  // Blocks: on the disk. The references outlive it.
  KeyGate(const Config& config, zmq::context_t& context, bus::NextStatePipe<BusEvent>& pipe,
          Logger& logger, Counters& counters);
  ~KeyGate();
  KeyGate(const KeyGate&) = delete;
  KeyGate& operator=(const KeyGate&) = delete;

  // Called on the bus thread whenever holders are to be looked up again. Set it before the loop
  // runs; what it names outlives the pipe's events.
  void on_changed(std::function<void(Now)> call) { on_changed_ = std::move(call); }

  // Of the connections to each endpoint. Bus thread.
  [[nodiscard]] security::KeyHolders& chaincodes() { return chaincodes_; }
  [[nodiscard]] security::KeyHolders& clients() { return clients_; }
  [[nodiscard]] const gateway::KeyDirectory& directory() const { return directory_; }

  // Signals thread: reads the directory again, if it has changed or some seconds have passed, and
  // finds keys that have expired. Blocks: on the disk.
  void look_every_second();
  // The same at once.
  void reload();
  // Signals thread: has this done on the bus thread, in order.
  void on_bus(std::function<void(Now)> step);

 private:
  class Check;
  class DirectoryWatch;

  void read(const char* why);

  bus::NextStatePipe<BusEvent>& pipe_;
  Logger& logger_;
  std::unique_ptr<security::KeyStore> store_;  // Null: nobody is asked for a key.
  std::unique_ptr<Check> check_;
  std::unique_ptr<DirectoryWatch> watch_;
  std::unique_ptr<bus::Admission> admission_;
  security::KeyHolders chaincodes_;
  security::KeyHolders clients_;
  std::function<void(Now)> on_changed_;
  gateway::KeyDirectory directory_;

  // Signals thread.
  std::optional<bus::NextStatePipe<BusEvent>::Sender> sender_;
  int seconds_until_read_ = 0;
  std::chrono::system_clock::time_point looked_at_;
};

// The secret key in a certificate of the service.
// Blocks: on the disk. Errors: kInvalid, naming the file.
[[nodiscard]] Result<std::string> read_secret_key(const std::filesystem::path& certificate);

}  // namespace ccbus
