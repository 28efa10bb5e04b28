#include "service/cli/commands/completion_command.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <string>

#include "service/cli/commands/completion_script.h"

namespace ccbus::cli {

void add_completion_command(CLI::App& app, ExitCode& exit_code) {
  const auto shell = std::make_shared<std::string>();
  CLI::App& command = *app.add_subcommand(
      "completion", "Print the script with which a shell completes ccbus's commands");
  command.add_option("SHELL", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  command.footer(
      "\nExample:\n"
      "  source <(ccbus completion bash)        # in ~/.bashrc; the same with zsh in ~/.zshrc\n"
      "  ccbus completion fish | source         # in ~/.config/fish/config.fish\n\n"
      "Exit codes: 0 success, 2 wrong usage.");
  command.callback([&app, shell, &exit_code] {
    std::cout << (*shell == "bash"  ? bash_completion(app)
                  : *shell == "zsh" ? zsh_completion(app)
                                    : fish_completion(app));
    exit_code = kSuccess;
  });
}

}  // namespace ccbus::cli
