#include "service/cli/commands/completion_script.h"

#include "service/base/assert.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstddef>
#include <functional>
#include <string_view>
#include <vector>

namespace ccbus::cli {
namespace {

std::vector<const CLI::App*> subcommands(const CLI::App& command) {
  return command.get_subcommands([](const CLI::App* one) { return !one->get_name().empty(); });
}

// Returns the names of an option, as "--json" and "-j"; none for a positional argument.
std::vector<std::string> spellings(const CLI::Option& option) {
  std::vector<std::string> names;
  for (const std::string& name : option.get_lnames()) names.push_back("--" + name);
  for (const std::string& name : option.get_snames()) names.push_back("-" + name);
  return names;
}

// Our own commands have three levels below `app`, as `ccbus channel config show` does.
constexpr int kDepthMax = 3;

// Visits every command of the tree, with the words that lead to it ("" for `app` itself).
void each_command(const CLI::App& command, const std::string& path,
                  const std::function<void(const CLI::App&, const std::string&)>& visit,
                  int depth = 0) {
  CCBUS_ASSERT(depth <= kDepthMax);
  visit(command, path);
  for (const CLI::App* one : subcommands(command)) {
    each_command(*one, path.empty() ? one->get_name() : path + " " + one->get_name(), visit,
                 depth + 1);
  }
}

// Returns the words that can follow a command.
std::string words_after(const CLI::App& command) {
  std::string words;
  const auto add = [&words](const std::string& word) {
    words += (words.empty() ? "" : " ") + word;
  };
  for (const CLI::App* one : subcommands(command)) add(one->get_name());
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : spellings(*option)) add(name);
  }
  return words;
}

std::string function_name(const CLI::App& app) {
  return "_" + app.get_name();
}

std::string bash_function(const CLI::App& app) {
  std::string commands;
  std::string words;
  each_command(app, "", [&](const CLI::App& command, const std::string& path) {
    if (!path.empty()) commands += (commands.empty() ? "" : "|") + ("\"" + path + "\"");
    words += "    \"" + path + "\") words=\"" + words_after(command) + "\" ;;\n";
  });
  return function_name(app) +
         "() {\n"
         "  local current=${COMP_WORDS[COMP_CWORD]} path='' next words='' i\n"
         "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
         "    next=\"${path:+$path }${COMP_WORDS[i]}\"\n"
         "    case \"$next\" in\n"
         "      " +
         commands +
         ") path=$next ;;\n"
         "    esac\n"
         "  done\n"
         "  case \"$path\" in\n" +
         words +
         "  esac\n"
         "  COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
         "}\n";
}

// The registration completes file names if no word matches, since many options take a file.
std::string registration(const CLI::App& app) {
  return "complete -o bashdefault -o default -F " + function_name(app) + " " + app.get_name() +
         "\n";
}

// Fish quotes with ', inside which it has two escapes: \\ and \'.
std::string fish_quoted(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') quoted.push_back('\\');
    quoted.push_back(c == '\n' ? ' ' : c);
  }
  return quoted + "'";
}

// Returns a condition that holds if exactly the words of `path` have been typed, and no sub-command
// after them.
std::string fish_condition(const CLI::App& command, const std::string& path) {
  std::string condition;
  for (std::size_t at = 0; at < path.size();) {
    const std::size_t end = std::min(path.find(' ', at), path.size());
    condition += (condition.empty() ? "" : "; and ") +
                 ("__fish_seen_subcommand_from " + path.substr(at, end - at));
    at = end + 1;
  }
  std::string below;
  for (const CLI::App* one : subcommands(command)) below += " " + one->get_name();
  if (below.empty()) return condition;
  if (path.empty()) return "__fish_use_subcommand";
  return condition + "; and not __fish_seen_subcommand_from" + below;
}

}  // namespace

std::string bash_completion(const CLI::App& app) {
  return bash_function(app) + registration(app);
}

std::string zsh_completion(const CLI::App& app) {
  return "autoload -U +X compinit && compinit -u\n"
         "autoload -U +X bashcompinit && bashcompinit\n" +
         bash_function(app) + registration(app);
}

std::string fish_completion(const CLI::App& app) {
  std::string script;
  each_command(app, "", [&](const CLI::App& command, const std::string& path) {
    const std::string condition = fish_condition(command, path);
    const std::string when = condition.empty() ? "" : " -n " + fish_quoted(condition);
    for (const CLI::App* one : subcommands(command)) {
      script += "complete -c " + app.get_name() + " -f" + when + " -a " + one->get_name() + " -d " +
                fish_quoted(one->get_description()) + "\n";
    }
    for (const CLI::Option* option : command.get_options()) {
      std::string names;
      for (const std::string& name : option->get_lnames()) names += " -l " + name;
      for (const std::string& name : option->get_snames()) names += " -s " + name;
      if (names.empty()) continue;
      script += "complete -c " + app.get_name() + when + names +
                (option->get_items_expected_max() > 0 ? " -r" : "") + " -d " +
                fish_quoted(option->get_description()) + "\n";
    }
  });
  return script;
}

}  // namespace ccbus::cli
