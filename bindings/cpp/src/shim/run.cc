#include "ccbus/shim/run.h"

#include <unistd.h>

#include <atomic>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace ccbus::shim {
namespace {

constexpr int kExitStopped = 0;
constexpr int kExitGaveUp = 1;
constexpr int kExitUsage = 2;

constexpr std::size_t kNumberMax = 1'000'000;

constexpr std::string_view kUsage =
    "Runs this chaincode against a ccbus peer until SIGINT or SIGTERM.\n"
    "\n"
    "  --peer.address ADDRESS      host:port or tcp://host:port\n"
    "                              (CORE_PEER_ADDRESS, else tcp://127.0.0.1:7052)\n"
    "  --chaincode-id-name NAME    the name to register, such as basic or basic:1.0\n"
    "                              (CORE_CHAINCODE_ID_NAME)\n"
    "  --key FILE                  the certificate of its key, where the peer asks for one; made\n"
    "                              by `ccbus keygen` (CCBUS_KEY)\n"
    "  --server-key FILE           the public certificate of the peer (CCBUS_SERVER_KEY)\n"
    "  --workers COUNT             threads that run transactions, for chaincode that blocks or\n"
    "                              computes for long; 0, the default: fibers on one thread\n"
    "  --fiber-stack KIB           the stack of a fiber, 1024 by default\n"
    "  --help                      this text\n"
    "\n"
    "Exit codes: 0 stopped by a signal, 1 the address is that for clients, 2 wrong usage.\n";

// If `arguments` begin with "--name value" or "--name=value", removes that and returns the value;
// otherwise returns nullopt.
std::optional<std::string> take_flag(std::string_view name, std::span<char*>& arguments) {
  const std::string_view argument = arguments.front();
  if (!argument.starts_with(name)) return std::nullopt;
  if (argument.size() > name.size()) {
    if (argument[name.size()] != '=') return std::nullopt;
    arguments = arguments.subspan(1);
    return std::string(argument.substr(name.size() + 1));
  }
  if (arguments.size() < 2)
    throw std::invalid_argument(std::string(name) + " has no value after it");
  std::string value = arguments[1];
  arguments = arguments.subspan(2);
  return value;
}

std::size_t number_of(std::string_view name, const std::string& text) {
  std::size_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || rest != end || number > kNumberMax)
    throw std::invalid_argument(std::string(name) + ": '" + text + "' is not a number up to " +
                                std::to_string(kNumberMax));
  return number;
}

// Flags take the place of the environment's values; there is only one thread yet.
void override_environment(const char* name, const std::string& value) {
  setenv(name, value.c_str(), 1);
}

// Returns nullopt if --help was given.
std::optional<Options> parse(std::span<char*> arguments) {
  Options given;
  while (!arguments.empty()) {
    const std::string_view argument = arguments.front();
    if (argument == "--help" || argument == "-h") return std::nullopt;
    if (auto address = take_flag("--peer.address", arguments)) {
      override_environment("CORE_PEER_ADDRESS", *address);
    } else if (auto id = take_flag("--chaincode-id-name", arguments)) {
      override_environment("CORE_CHAINCODE_ID_NAME", *id);
    } else if (auto key = take_flag("--key", arguments)) {
      override_environment("CCBUS_KEY", *key);
    } else if (auto server_key = take_flag("--server-key", arguments)) {
      override_environment("CCBUS_SERVER_KEY", *server_key);
    } else if (auto workers = take_flag("--workers", arguments)) {
      given.worker_threads = number_of("--workers", *workers);
    } else if (auto stack = take_flag("--fiber-stack", arguments)) {
      given.fiber_stack_bytes = number_of("--fiber-stack", *stack) << 10;
    } else {
      throw std::invalid_argument("'" + std::string(argument) + "' is not known; see --help");
    }
  }
  Options options = Options::from_environment();
  options.worker_threads = given.worker_threads;
  options.fiber_stack_bytes = given.fiber_stack_bytes;
  return options;
}

}  // namespace

int run(int argc, char** argv, Chaincode& chaincode) {
  // Blocked before the first thread starts, so that every thread inherits it and only sigwait()
  // below receives the signals.
  sigset_t stops;
  sigemptyset(&stops);
  sigaddset(&stops, SIGINT);
  sigaddset(&stops, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &stops, nullptr);
  try {
    std::optional<Options> options =
        parse(std::span(argv, static_cast<std::size_t>(argc)).subspan(argc > 0 ? 1 : 0));
    if (!options) {
      std::cout << kUsage;
      return kExitStopped;
    }
    std::atomic<bool> gave_up = false;
    options->gave_up = [&gave_up] {
      gave_up = true;
      kill(getpid(), SIGTERM);
    };
    Shim shim(*std::move(options), chaincode);
    shim.start();
    int signal = 0;
    sigwait(&stops, &signal);
    return gave_up ? kExitGaveUp : kExitStopped;
  } catch (const std::invalid_argument& e) {
    std::cerr << e.what() << "\n";
    return kExitUsage;
  }
}

}  // namespace ccbus::shim
