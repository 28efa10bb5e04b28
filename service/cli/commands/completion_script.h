#pragma once

#include <string>

namespace CLI {
class App;
}  // namespace CLI

namespace ccbus::cli {

// The script with which a shell completes the commands and options of `app`, all of them, as they
// are in its tree: nothing has to be kept in step by hand. It runs nothing when it is used.
[[nodiscard]] std::string bash_completion(const CLI::App& app);
[[nodiscard]] std::string zsh_completion(const CLI::App& app);
[[nodiscard]] std::string fish_completion(const CLI::App& app);

}  // namespace ccbus::cli
