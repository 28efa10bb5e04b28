#include "service/cli/commands/status_watch.h"

#include <algorithm>
#include <iostream>
#include <optional>
#include <string>
#include <utility>

#include "service/base/clock.h"
#include "service/base/duration.h"
#include "service/cli/reports/watch_report.h"
#include "service/cli/terminal/live_screen.h"
#include "service/cli/terminal/outcome.h"
#include "service/load/run/event_source.h"
#include "service/load/run/interrupt.h"

namespace ccbus::cli {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

// How long a response may take, even if the next refresh is due earlier.
constexpr milliseconds kPatience{1'000};
// How often a Ctrl-C is checked for while waiting for a response.
constexpr milliseconds kLook{50};

// Receives SIGINT and SIGTERM. Must be constructed before any other thread is started.
class Stop {
 public:
  // Waits until that time at most. Returns true if a signal has arrived.
  bool has_come_by(SteadyTime until) {
    do {
      turns_.take(until);
    } while (!interrupt_.has_come() && Clock::now() < until);
    return interrupt_.has_come();
  }

 private:
  load::Interrupt interrupt_;
  load::Turns turns_{{&interrupt_}};
};

// Asks for the status, one request at a time. A request without a response stays open, and the next
// ask() waits for its response instead of sending another one.
class StatusQuestion {
 public:
  explicit StatusQuestion(client::Client& client) : client_(client) {}

  // Returns nullopt if there was no response in time, or if a signal has arrived.
  std::optional<client::Reply> ask(Stop& stop, milliseconds patience) {
    if (!is_open_) {
      if (const client::Sent sent = client_.send_status(); !sent.ok()) {
        return client::Reply{sent.correlation_id, sent.error, {}};
      }
      is_open_ = true;
    }
    const SteadyTime until = Clock::now() + patience;
    while (Clock::now() < until && !stop.has_come_by(Clock::now())) {
      auto reply = client_.receive(kLook);
      if (!reply) continue;
      is_open_ = false;
      return reply;
    }
    return std::nullopt;
  }

 private:
  client::Client& client_;
  bool is_open_ = false;
};

class Watch {
 public:
  explicit Watch(const WatchOptions& options) : is_json_(options.json) {
    if (!is_json_) screen_.emplace(std::cout, LiveScreen::kind_of_stdout());
  }

  void show_answer(client::Reply reply) {
    const WallTime now = std::chrono::system_clock::now();
    const StatusResponse& status = reply.response.service_status();
    const auto rates = last_ ? rates_between(*last_, status) : std::nullopt;
    show(is_json_ ? watch_json(reply, rates, now) : format_watch(status, rates, now));
    last_ = status;
    heard_ = now;
  }

  void show_silence(const client::Reply& reply) {
    const WallTime now = std::chrono::system_clock::now();
    const NoResponse no_response{reply.error.message, heard_};
    show(is_json_ ? no_response_json(reply, no_response, now)
                  : format_no_response(no_response, now));
    last_.reset();  // The next response may come from another process.
  }

 private:
  void show(const std::string& text) {
    if (screen_) return screen_->show(text, terminal_rows());
    std::cout << text << std::endl;
  }

  const bool is_json_;
  std::optional<LiveScreen> screen_;
  std::optional<StatusResponse> last_;
  std::optional<WallTime> heard_;
};

client::Reply unanswered(const std::string& endpoint, milliseconds patience) {
  client::Reply reply;
  reply.error = {DEADLINE_EXCEEDED,
                 "nothing came from " + endpoint + " within " + format_duration(patience),
                 client::Origin::kConnection};
  return reply;
}

}  // namespace

ExitCode watch_status(const ConnectionOptions& connection, const WatchOptions& options) {
  Stop stop;
  client::Client client(connection.client_options());
  StatusQuestion question(client);
  Watch watch(options);
  const milliseconds patience = std::min(connection.timeout, std::max(options.interval, kPatience));
  ExitCode code = kSuccess;
  SteadyTime due = Clock::now();
  for (std::uint64_t refresh = 1; options.count == 0 || refresh <= options.count; ++refresh) {
    if (stop.has_come_by(due)) return kSuccess;
    client::Reply reply =
        question.ask(stop, patience).value_or(unanswered(connection.address, patience));
    if (stop.has_come_by(Clock::now())) return kSuccess;
    // After a slow response, wait for at least half an interval: rates over a shorter time are
    // meaningless.
    due = std::max(due + options.interval, Clock::now() + options.interval / 2);
    code = exit_code_of(reply);
    reply.error.ok() ? watch.show_answer(std::move(reply)) : watch.show_silence(reply);
  }
  return code;
}

}  // namespace ccbus::cli
