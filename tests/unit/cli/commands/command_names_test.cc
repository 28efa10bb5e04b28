#include "service/cli/commands/command_names.h"

#include <CLI/CLI.hpp>
#include <catch2/catch.hpp>

using ccbus::cli::check_command_names;

namespace {

struct Commands {
  Commands() {
    app.add_subcommand("query")->add_option("-n", name);
    app.add_subcommand("invoke");
    CLI::App& ledger = *app.add_subcommand("ledger");
    ledger.add_subcommand("history");
    ledger.add_subcommand("range");
    ledger.add_subcommand("get");
  }

  std::string name;
  CLI::App app{"A program.", "ccbus"};
};

}  // namespace

TEST_CASE("an unknown command is named with the nearest one", "[cli][row-212]") {
  const Commands commands;
  CHECK(check_command_names(commands.app, {"querry", "-n", "basic"}).error().message ==
        "'querry' is no command of ccbus; the nearest known one is 'query'; see ccbus --help");
  CHECK(
      check_command_names(commands.app, {"ledger", "hist"}).error().message ==
      "'hist' is no command of ccbus ledger; the nearest known one is 'history'; see ccbus ledger "
      "--help");
}

TEST_CASE("known commands, options and what follows a command are no names to check", "[cli]") {
  const Commands commands;
  CHECK(check_command_names(commands.app, {"ledger", "range", "hist"}));
  CHECK(check_command_names(commands.app, {"query", "querry"}));
  CHECK(check_command_names(commands.app, {"--help"}));
  CHECK(check_command_names(commands.app, {"ledger", "--help", "hist"}));
  CHECK(check_command_names(commands.app, {"ledger"}));
  CHECK(check_command_names(commands.app, {}));
}
