#include "service/assembly/key_gate.h"

#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>
#include <utility>

#include "ccbus/curve/certificate.h"
#include "service/base/clock.h"
#include "service/base/job.h"

namespace ccbus {
namespace {

// A directory that was moved away, or is on another machine, reports no changes.
constexpr int kSecondsBetweenReads = 10;

constexpr std::uint32_t kChanges =
    IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ATTRIB;

}  // namespace

// Asked during each handshake.
class KeyGate::Check final : public bus::KeyCheck {
 public:
  explicit Check(const security::KeyStore& store) : store_(store) {}

  Verdict check(std::string_view public_key) override {
    const auto key = store_.find(public_key);
    if (key == nullptr) return Verdict::kUnknown;
    return key->has_expired(std::chrono::system_clock::now()) ? Verdict::kExpired
                                                              : Verdict::kAllowed;
  }

 private:
  const security::KeyStore& store_;
};

// Knows when it is worth to read the directory again. Without inotify it never is.
class KeyGate::DirectoryWatch {
 public:
  explicit DirectoryWatch(std::filesystem::path directory)
      : directory_(std::move(directory)), descriptor_(inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
    watch();
  }
  ~DirectoryWatch() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  DirectoryWatch(const DirectoryWatch&) = delete;
  DirectoryWatch& operator=(const DirectoryWatch&) = delete;

  // Again, since another directory may have its name by now.
  void watch() {
    if (descriptor_ >= 0) inotify_add_watch(descriptor_, directory_.c_str(), kChanges);
  }

  [[nodiscard]] bool has_news() {
    alignas(inotify_event) std::array<char, 4096> events{};
    bool any = false;
    while (descriptor_ >= 0 && ::read(descriptor_, events.data(), events.size()) > 0) any = true;
    return any;
  }

 private:
  const std::filesystem::path directory_;
  const int descriptor_;
};

Result<std::string> read_secret_key(const std::filesystem::path& certificate) {
  try {
    curve::Certificate read = curve::read_secret_certificate(certificate);
    return std::move(read.secret_key);
  } catch (const std::invalid_argument& error) {
    return fail(ErrorCode::kInvalid, error.what());
  }
}

KeyGate::KeyGate(const Config& config, zmq::context_t& context, bus::NextStatePipe<BusEvent>& pipe,
                 Logger& logger, Counters& counters)
    : pipe_(pipe),
      logger_(logger),
      store_(config.server_key.empty()
                 ? nullptr
                 : std::make_unique<security::KeyStore>(config.keys_directory)),
      chaincodes_(store_.get()),
      clients_(store_.get()),
      directory_{store_.get(), [this](Now now) { on_changed_(now); },
                 [this](std::string_view public_key) {
                   return gateway::KeyConnections{chaincodes_.connections_of(public_key),
                                                  clients_.connections_of(public_key)};
                 }} {
  if (store_ == nullptr) return;
  watch_ = std::make_unique<DirectoryWatch>(store_->directory());
  const auto read = store_->reload();
  if (!read) throw std::runtime_error("security.keys: " + read.error().message);
  for (const std::string& error : read->errors) logger_.error("keys.not_taken why={:?}", error);
  logger_.info("keys.read directory={} keys={}", store_->directory().string(), read->keys);
  check_ = std::make_unique<Check>(*store_);
  admission_ = std::make_unique<bus::Admission>(context, *check_, logger, counters);
}

KeyGate::~KeyGate() = default;

void KeyGate::look_every_second() {
  if (store_ == nullptr) return;
  const auto now = std::chrono::system_clock::now();
  if (--seconds_until_read_ <= 0 || watch_->has_news()) read("changed");
  const auto keys = store_->keys();
  const bool has_expired = std::ranges::any_of(keys->by_public_key, [&](const auto& entry) {
    return entry.second->has_expired(now) && !entry.second->has_expired(looked_at_);
  });
  looked_at_ = now;
  if (has_expired) on_bus([this](Now at) { on_changed_(at); });
}

void KeyGate::reload() {
  if (store_ != nullptr) read("asked");
}

void KeyGate::read(const char* why) {
  seconds_until_read_ = kSecondsBetweenReads;
  watch_->watch();
  const auto read = store_->reload();
  if (!read) return logger_.error("keys.not_read why={:?}", read.error().message);
  if (!read->has_changed) return;
  for (const std::string& error : read->errors) logger_.error("keys.not_taken why={:?}", error);
  logger_.info("keys.read_again reason={} keys={}", why, read->keys);
  on_bus([this](Now at) { on_changed_(at); });
}

void KeyGate::on_bus(std::function<void(Now)> step) {
  if (!sender_) sender_.emplace(pipe_.open_sender());
  auto job = make_job([] {}, [step = std::move(step)](Now now) { step(now); }, [] {});
  sender_->send(std::make_unique<BusEvent>(std::move(job)));
}

}  // namespace ccbus
