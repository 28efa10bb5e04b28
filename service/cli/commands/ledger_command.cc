#include "service/cli/commands/ledger_command.h"

#include <CLI/CLI.hpp>
#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "service/cli/commands/argument_checks.h"
#include "service/cli/commands/connection_options.h"
#include "service/cli/commands/key_options.h"
#include "service/cli/commands/ledger_maintenance_command.h"
#include "service/cli/commands/reply_printer.h"
#include "service/cli/reports/ledger_report.h"

namespace ccbus::cli {
namespace {

struct LookUp {
  ConnectionOptions connection;
  LedgerRequest request;
  std::vector<std::function<Result<void>()>> completions;  // Of `request`, from several options.
  std::string channel;
  bool json = false;

  [[nodiscard]] ExitCode run() const {
    for (const auto& complete : completions) {
      if (const auto completed = complete(); !completed) {
        std::cerr << completed.error().message << "\n";
        return kUsage;
      }
    }
    ClientRequest message;
    *message.mutable_ledger() = request;
    message.mutable_ledger()->set_channel_id(channel);
    client::Client client(connection.client_options());
    const client::Reply reply = client.call(std::move(message), connection.timeout);
    return print_reply(reply, json, {ledger_json, [](const client::Reply& success) {
                                       return format_ledger(success.response.ledger());
                                     }});
  }
};

// One kind of look-up: its name, its help, and the options that fill its request.
struct LookUpKind {
  const char* name;
  const char* description;
  const char* example;  // What follows "ccbus ledger NAME -C mychannel".
  std::function<void(CLI::App&, LookUp&)> add_options;
};

// Adds an option that is written into the request while it is parsed; the look-up must outlive the
// parsing.
template <class Set>
CLI::Option* text_option(CLI::App& command, const char* flags, const char* help, Set set) {
  return command.add_option_function<std::string>(
      flags, [set](const std::string& value) { set(value); }, help);
}

template <class Query>
void add_paging(CLI::App& command, LookUp& look_up, Query& query) {
  command.add_option_function<std::uint32_t>(
      "--page-size", [&query](std::uint32_t size) { query.set_page_size(size); },
      "Entries of one page; the service has a limit of its own");
  const auto options = std::make_shared<BookmarkOptions>();
  options->add_to(command);
  look_up.completions.push_back([options, &query]() -> Result<void> {
    const auto bookmark = options->bookmark();
    if (!bookmark) return unexpected(bookmark.error());
    query.set_bookmark(*bookmark);
    return {};
  });
}

template <class Query>
void add_namespace(CLI::App& command, Query& query) {
  text_option(command, "-n,--name", "The chaincode's name", [&query](const std::string& value) {
    query.set_namespace_(value);
  })->required();
}

template <class Query>
void add_key(CLI::App& command, LookUp& look_up, Query& query) {
  add_namespace(command, query);
  const auto options = std::make_shared<KeyOptions>();
  options->add_to(command);
  look_up.completions.push_back([options, &query]() -> Result<void> {
    const auto key = options->key();
    if (!key) return unexpected(key.error());
    query.set_key(*key);
    return {};
  });
}

void add_range(CLI::App& command, LookUp& look_up, GetKeyRange& query) {
  add_namespace(command, query);
  const auto options = std::make_shared<RangeOptions>();
  options->add_to(command);
  look_up.completions.push_back([options, &query]() -> Result<void> {
    const auto range = options->range();
    if (!range) return unexpected(range.error());
    query.set_start(range->start);
    query.set_end(range->end);
    return {};
  });
}

const LookUpKind kLookUpKinds[] = {
    {"info", "Show a channel's height and its last hashes", "",
     [](CLI::App&, LookUp& look_up) { look_up.request.mutable_chain_info(); }},
    {"block", "Show a block and its transactions", "12",
     [](CLI::App& command, LookUp& look_up) {
       auto& query = *look_up.request.mutable_block_by_number();
       command
           .add_option_function<std::uint64_t>(
               "number", [&query](std::uint64_t number) { query.set_number(number); },
               "The block's number")
           ->required()
           ->check(check_number);
     }},
    {"tx", "Show a transaction: its reads and writes, and its outcome", "4f9c01aa...",
     [](CLI::App& command, LookUp& look_up) {
       auto& query = *look_up.request.mutable_transaction_by_id();
       text_option(command, "id", "The transaction's id", [&query](const std::string& value) {
         query.set_transaction_id(value);
       })->required();
     }},
    {"get", "Show the value of a key", "-n basic a1",
     [](CLI::App& command, LookUp& look_up) {
       add_key(command, look_up, *look_up.request.mutable_key());
     }},
    {"range", "Show keys and values in order, page by page", "-n basic --composite color~name blue",
     [](CLI::App& command, LookUp& look_up) {
       auto& query = *look_up.request.mutable_range();
       add_range(command, look_up, query);
       add_paging(command, look_up, query);
     }},
    {"history", "Show the changes of a key, newest first, page by page", "-n basic a1",
     [](CLI::App& command, LookUp& look_up) {
       auto& query = *look_up.request.mutable_history();
       add_key(command, look_up, query);
       add_paging(command, look_up, query);
     }},
};

void add_look_up(CLI::App& group, const LookUpKind& kind, ExitCode& exit_code) {
  const auto look_up = std::make_shared<LookUp>();
  CLI::App& command = *group.add_subcommand(kind.name, kind.description);
  command.add_option("-C,--channelID", look_up->channel, "The channel")->required();
  kind.add_options(command, *look_up);
  look_up->connection.add_to(command);
  command.add_flag("--json", look_up->json, "Print one JSON object");
  command.footer(std::string("\nExample:\n  ccbus ledger ") + kind.name + " -C mychannel " +
                 kind.example + "\n\n" + kExitCodesHelp);
  command.callback([look_up, &exit_code] { exit_code = look_up->run(); });
}

}  // namespace

void add_ledger_command(CLI::App& app, ExitCode& exit_code) {
  CLI::App& group = *app.add_subcommand("ledger", "A channel's blocks, transactions and state");
  group.require_subcommand(1);
  group.footer(std::string("\nExample:\n  ccbus ledger block 12 -C mychannel\n\n") +
               kExitCodesHelp);
  for (const LookUpKind& kind : kLookUpKinds) add_look_up(group, kind, exit_code);
  add_ledger_maintenance_commands(group, exit_code);
}

}  // namespace ccbus::cli
