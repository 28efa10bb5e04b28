#include "service/bus/admission.h"

#include <array>
#include <exception>
#include <string>
#include <utility>
#include <vector>

#include "service/base/thread_name.h"

namespace ccbus::bus {
namespace {

constexpr char kHandlerAddress[] = "inproc://zeromq.zap.01";
constexpr char kStopAddress[] = "inproc://admission-stop";
constexpr std::string_view kVersion = "1.0";
constexpr std::string_view kCurve = "CURVE";
constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kKeyCharacters = 40;

// The frames of a request, in the order of RFC 27.
enum Frame : std::size_t {
  kVersionFrame,
  kRequestId,
  kDomain,
  kAddress,
  kRoutingId,
  kMechanism,
  kCredentials,
  kFrames,
};

constexpr std::string_view kAccepted = "200";
constexpr std::string_view kRefused = "400";
constexpr std::string_view kFailed = "500";

std::vector<zmq::message_t> receive_all(zmq::socket_t& socket) {
  std::vector<zmq::message_t> frames;
  do {
    frames.emplace_back();
    static_cast<void>(socket.recv(frames.back()));
  } while (frames.back().more());
  return frames;
}

void reply(zmq::socket_t& socket, std::string_view request_id, std::string_view status,
           std::string_view user) {
  const std::array<std::string_view, 6> frames = {kVersion, request_id, status, "", user, ""};
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const auto flags = i + 1 < frames.size() ? zmq::send_flags::sndmore : zmq::send_flags::none;
    socket.send(zmq::buffer(frames[i]), flags);
  }
}

// The key in Z85; empty if the bytes are no key.
std::string key_of(const zmq::message_t& credentials) {
  if (credentials.size() != kKeyBytes) return {};
  std::array<char, kKeyCharacters + 1> text{};
  zmq_z85_encode(text.data(), credentials.data<std::uint8_t>(), credentials.size());
  return text.data();
}

}  // namespace

Admission::Admission(zmq::context_t& context, KeyCheck& keys, Logger& logger, Counters& counters)
    : keys_(keys), logger_(logger), counters_(counters), stop_(context, zmq::socket_type::pair) {
  zmq::socket_t handler(context, zmq::socket_type::rep);
  handler.set(zmq::sockopt::linger, 0);
  handler.bind(kHandlerAddress);
  zmq::socket_t stop(context, zmq::socket_type::pair);
  stop.bind(kStopAddress);
  stop_.connect(kStopAddress);
  // The sockets move to the thread that uses them; starting it is the barrier that libzmq asks for.
  thread_ = std::thread([this, handler = std::move(handler), stop = std::move(stop)]() mutable {
    name_this_thread("admission");
    run(std::move(handler), std::move(stop));
  });
}

Admission::~Admission() {
  stop_.send(zmq::message_t(), zmq::send_flags::none);
  thread_.join();
}

void Admission::run(zmq::socket_t handler, zmq::socket_t stop) {
  std::array<zmq::pollitem_t, 2> items = {
      {{handler.handle(), 0, ZMQ_POLLIN, 0}, {stop.handle(), 0, ZMQ_POLLIN, 0}}};
  while (true) {
    try {
      zmq::poll(items, std::chrono::milliseconds(-1));
      if (items[1].revents != 0) return;
      if (items[0].revents != 0) answer(handler);
    } catch (const std::exception& error) {
      logger_.error("admission.exception what={:?}", error.what());
    }
  }
}

void Admission::answer(zmq::socket_t& handler) {
  const std::vector<zmq::message_t> request = receive_all(handler);
  const auto text = [&request](Frame frame) {
    return frame < request.size() ? request[frame].to_string_view() : std::string_view();
  };
  const std::string key = request.size() == kFrames ? key_of(request[kCredentials]) : "";
  std::string_view status = kFailed;
  try {
    const bool is_admitted =
        text(kMechanism) == kCurve && !key.empty() && admit(text(kDomain), text(kAddress), key);
    status = is_admitted ? kAccepted : kRefused;
  } catch (const std::exception& error) {
    logger_.error("admission.exception what={:?}", error.what());
  }
  reply(handler, text(kRequestId), status, status == kAccepted ? key : std::string());
}

bool Admission::admit(std::string_view domain, std::string_view address,
                      std::string_view public_key) {
  switch (keys_.check(public_key)) {
    case KeyCheck::Verdict::kAllowed: return true;
    case KeyCheck::Verdict::kUnknown:
      counters_.add(Counter::kHandshakesUnknownKey);
      logger_.warn("admission.refused endpoint={} remote={} key={} reason=\"unknown key\"", domain,
                   address, public_key);
      return false;
    case KeyCheck::Verdict::kExpired:
      counters_.add(Counter::kHandshakesExpiredKey);
      logger_.warn("admission.refused endpoint={} remote={} key={} reason=\"expired key\"", domain,
                   address, public_key);
      return false;
  }
  return false;
}

}  // namespace ccbus::bus
