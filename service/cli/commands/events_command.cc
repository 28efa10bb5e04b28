#include "service/cli/commands/events_command.h"

#include <CLI/CLI.hpp>
#include <chrono>
#include <iostream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "ccbus/client/events.h"
#include "service/base/duration.h"
#include "service/cli/commands/argument_checks.h"
#include "service/cli/commands/connection_options.h"
#include "service/cli/commands/identity_options.h"
#include "service/cli/reports/event_report.h"
#include "service/cli/terminal/outcome.h"

namespace ccbus::cli {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

// How long one request waits for the next events, and how long an unreachable service is retried.
constexpr milliseconds kTurn{10'000};

struct EventsOptions {
  ConnectionOptions connection;
  IdentityOptions identity;
  std::string channel;
  std::string chaincode;
  std::optional<std::uint64_t> start_block;
  std::string checkpoint_file;
  std::uint64_t count = 0;           // 0: unlimited.
  std::optional<milliseconds> idle;  // nullopt: unlimited.
  bool blocks = false;
  bool json = false;
};

// The position in the stream of events, from --checkpoint and --start-block. Once the checkpoint's
// file exists, it takes precedence.
class Progress {
 public:
  explicit Progress(const EventsOptions& options) {
    if (!options.checkpoint_file.empty()) {
      file_.emplace(options.checkpoint_file);
      start_ = file_->load();
    }
    if (!start_ && options.start_block) start_ = client::Checkpoint{*options.start_block};
  }

  [[nodiscard]] const std::optional<client::Checkpoint>& start() const { return start_; }
  void reached(const client::Checkpoint& checkpoint) const {
    if (file_) file_->store(checkpoint);
  }

 private:
  std::optional<client::FileCheckpointer> file_;
  std::optional<client::Checkpoint> start_;
};

ExitCode failed(const client::Error& error) {
  client::Reply reply;
  reply.error = error;
  std::cerr << failure_text(reply) << "\n";
  return exit_code_of(reply);
}

// Prints and flushes a line, so that a checkpoint never covers events that were not printed. Throws
// std::runtime_error.
void print(const std::string& line) {
  std::cout << line << std::endl;
  if (!std::cout) throw std::runtime_error("cannot write to standard output");
}

// Calls `next(wait)` until --count or --idle ends it. `next` prints what it receives and returns
// how many items that was, or nullopt if it failed.
template <class Next>
bool repeat(const EventsOptions& options, Next&& next) {
  std::uint64_t seen = 0;
  auto last = Clock::now();
  while (options.count == 0 || seen < options.count) {
    milliseconds wait = kTurn;
    if (options.idle) {
      const auto left =
          std::chrono::duration_cast<milliseconds>(last + *options.idle - Clock::now());
      if (left <= milliseconds(0)) return true;
      wait = std::min(wait, left);
    }
    const std::optional<std::uint64_t> got = next(wait);
    if (!got) return false;
    if (*got > 0) last = Clock::now();
    seen += *got;
  }
  return true;
}

// Blocks are asked for without a signature.
ChaincodeEventsRequest question_of(const EventsOptions& options) {
  if (const auto signer = options.identity.signer()) {
    return client::signed_events(options.channel, options.chaincode, *signer);
  }
  ChaincodeEventsRequest question;
  question.set_channel_id(options.channel);
  question.set_chaincode_name(options.chaincode);
  return question;
}

ExitCode follow_events(const EventsOptions& options, client::Client& client) {
  const Progress progress(options);
  client::ChaincodeEvents events(client, question_of(options), progress.start());
  client::Error error;
  const bool ended = repeat(options, [&](milliseconds wait) -> std::optional<std::uint64_t> {
    const auto event = events.next(wait);
    if (!event) {
      error = events.error();
      return error.ok() ? std::optional<std::uint64_t>(0) : std::nullopt;
    }
    print(options.json ? event_json(*event) : format_event(*event));
    progress.reached(*events.checkpoint());
    return 1;
  });
  return ended ? kSuccess : failed(error);
}

ExitCode follow_blocks(const EventsOptions& options, client::Client& client) {
  constexpr milliseconds kGrace{5'000};
  const Progress progress(options);
  std::optional<client::Checkpoint> from = progress.start();
  client::Error error;
  auto heard = Clock::now();
  const bool ended = repeat(options, [&](milliseconds wait) -> std::optional<std::uint64_t> {
    ClientRequest request;
    BlockEventsRequest& question = *request.mutable_block_events();
    question.set_channel_id(options.channel);
    question.set_filtered(true);
    // Without a start, the first request only finds the current end of the channel.
    question.set_wait_ms(from ? static_cast<std::uint32_t>(wait.count()) : 1);
    if (from) question.set_block_number(from->block_number);
    const client::Reply reply = client.call(std::move(request), wait + kGrace);
    error = reply.error;
    if (!error.ok()) {
      // Retry for a while: the service may be restarting.
      const bool may_pass = error.origin == client::Origin::kConnection;
      if (!may_pass || Clock::now() - heard > kTurn) return std::nullopt;
      return 0;
    }
    heard = Clock::now();
    const BlockEventsResponse& answer = reply.response.block_events();
    std::uint64_t printed = 0;
    from = client::Checkpoint{answer.next_block_number()};
    for (const FilteredBlock& block : answer.filtered_blocks()) {
      print(options.json ? filtered_json(block) : format_filtered(block));
      progress.reached({block.block_number() + 1});
      from = client::Checkpoint{block.block_number() + 1};
      if (++printed == options.count) break;
    }
    return printed;
  });
  return ended ? kSuccess : failed(error);
}

ExitCode follow(const EventsOptions& options) {
  try {
    client::Client client(options.connection.client_options());
    return options.blocks ? follow_blocks(options, client) : follow_events(options, client);
  } catch (const std::runtime_error& failure) {  // From the checkpoint's file or the output.
    std::cerr << failure.what() << "\n";
    return kUsage;
  }
}

}  // namespace

void add_events_command(CLI::App& app, ExitCode& exit_code) {
  const auto options = std::make_shared<EventsOptions>();
  CLI::App& command =
      *app.add_subcommand("events", "Print chaincode events, or blocks, as they are committed");
  command.add_option("-C,--channelID", options->channel, "The channel")->required();
  command.add_option("-n,--name", options->chaincode, "The chaincode; by default all of them");
  command
      .add_option("--start-block", options->start_block,
                  "Begin with this block; by default with the next one")
      ->check(check_number);
  command.add_option("--checkpoint", options->checkpoint_file,
                     "Store the position in this file, and continue from it");
  command.add_option("--count", options->count, "End after this many")->check(check_number);
  command.add_option_function<std::string>(
      "--idle",
      [options](const std::string& text) {
        const auto parsed = parse_duration(text);
        if (!parsed) throw CLI::ValidationError("--idle", parsed.error().message);
        options->idle = *parsed;
      },
      "End when nothing has come for so long");
  command.add_flag("--blocks", options->blocks, "Print blocks instead of events");
  command.add_flag("--json", options->json, "Print one JSON object per line");
  options->identity.add_to(command);
  options->connection.add_to(command);
  command.footer(std::string("\nExample:\n  ccbus events -C mychannel -n basic --start-block 0 "
                             "--checkpoint seen\n\n") +
                 kExitCodesHelp);
  command.callback([options, &exit_code] { exit_code = follow(*options); });
}

}  // namespace ccbus::cli
