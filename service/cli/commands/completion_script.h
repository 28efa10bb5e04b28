#pragma once

#include <string>

namespace CLI {
class App;
}  // namespace CLI

namespace ccbus::cli {

// Returns the script with which a shell completes all commands and options of `app`. It is
// generated from the command tree, and does not run ccbus when it is used.
[[nodiscard]] std::string bash_completion(const CLI::App& app);
[[nodiscard]] std::string zsh_completion(const CLI::App& app);
[[nodiscard]] std::string fish_completion(const CLI::App& app);

}  // namespace ccbus::cli
