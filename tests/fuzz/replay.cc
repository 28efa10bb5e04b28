// Runs a fuzz target without libFuzzer: over every file of a corpus, and over mutations of each
// file that are the same in every run. A crash names the file and the mutation, and leaves the
// input in a file.
//
// usage: fuzz_<target> [--mutations N] CORPUS...
//   A corpus is a folder or a file.
//
// Exit codes: 0 every input passed; 1 an input failed, or the corpus is empty; 2 wrong usage.

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" void __sanitizer_set_death_callback(void (*callback)()) __attribute__((weak));

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr const char* kFailedInput = "failed-fuzz-input";

struct Run {
  std::string file;
  int mutation = 0;  // 0: the file itself.
  Bytes input;
};
Run run;  // For the report, which a signal handler writes.

// Calls only functions that a signal handler may call.
void say(std::string_view text) {
  static_cast<void>(!write(STDERR_FILENO, text.data(), text.size()));
}

void report() {
  std::array<char, 12> number{};
  const auto end = std::to_chars(number.data(), number.data() + number.size(), run.mutation).ptr;
  say(run.file);
  say(" failed, mutation ");
  say({number.data(), end});
  say("; the input is in ./");
  say(kFailedInput);
  say("\n");
  const int file = open(kFailedInput, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0) return;
  static_cast<void>(!write(file, run.input.data(), run.input.size()));
  close(file);
}

void on_signal(int) {
  report();
  _exit(1);
}

void report_every_end() {
  if (__sanitizer_set_death_callback != nullptr) {
    __sanitizer_set_death_callback(report);
  } else {
    for (const int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL}) std::signal(number, on_signal);
  }
  std::signal(SIGABRT, on_signal);
}

class Mutator {
 public:
  explicit Mutator(const Bytes& original) : original_(original), random_(seed_of(original)) {}

  Bytes next() {
    Bytes mutated = original_;
    for (std::size_t count = 1 + below(4); count > 0; --count) change(mutated);
    return mutated;
  }

 private:
  static std::uint64_t seed_of(const Bytes& bytes) {
    std::uint64_t hash = 14695981039346656037u;  // FNV-1a.
    for (const std::uint8_t byte : bytes) hash = (hash ^ byte) * 1099511628211u;
    return hash;
  }

  std::size_t below(std::size_t end) { return random_() % end; }

  void change(Bytes& bytes) {
    constexpr std::array<std::uint8_t, 8> kEdges = {0, 1, 0x7f, 0x80, 0xff, '"', '{', '\n'};
    if (bytes.empty()) return bytes.push_back(static_cast<std::uint8_t>(below(256)));
    const std::size_t at = below(bytes.size());
    const auto from = bytes.begin() + static_cast<std::ptrdiff_t>(at);
    const std::size_t length = 1 + below(std::min<std::size_t>(bytes.size() - at, 16));
    const auto to = from + static_cast<std::ptrdiff_t>(length);
    switch (below(6)) {
      case 0: *from ^= static_cast<std::uint8_t>(1u << below(8)); return;
      case 1: *from = static_cast<std::uint8_t>(below(256)); return;
      case 2: *from = kEdges[below(kEdges.size())]; return;
      case 3: bytes.erase(from, to); return;
      case 4: {
        const Bytes piece(from, to);
        bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(below(bytes.size() + 1)),
                     piece.begin(), piece.end());
        return;
      }
      default: bytes.insert(from, kEdges[below(kEdges.size())]);
    }
  }

  const Bytes& original_;
  std::mt19937_64 random_;
};

Bytes read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void execute(Bytes input) {
  run.input = std::move(input);
  // A copy of exactly this size: a sanitizer sees a read behind its end.
  const Bytes copy(run.input);
  LLVMFuzzerTestOneInput(copy.data(), copy.size());
}

std::vector<std::filesystem::path> files_of(const std::filesystem::path& corpus) {
  if (!std::filesystem::is_directory(corpus)) return {corpus};
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(corpus)) {
    files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

int wrong_usage(const char* program) {
  std::cerr << "usage: " << program << " [--mutations N] CORPUS...\n"
            << "Example: " << program << " --mutations 200 tests/fuzz/corpus/bookmark\n";
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string_view> arguments(argv + 1, argv + argc);
  int mutations = 200;
  std::vector<std::filesystem::path> files;
  for (std::size_t at = 0; at < arguments.size(); ++at) {
    if (arguments[at] == "--mutations" && at + 1 < arguments.size()) {
      mutations = std::atoi(arguments[++at].data());
    } else if (arguments[at].starts_with("-")) {
      return wrong_usage(argv[0]);
    } else {
      for (auto& file : files_of(arguments[at])) files.push_back(std::move(file));
    }
  }
  if (files.empty()) return wrong_usage(argv[0]);

  report_every_end();
  long executions = 0;
  for (const auto& file : files) {
    run.file = file.string();
    const Bytes original = read(file);
    Mutator mutator(original);
    for (run.mutation = 0; run.mutation <= mutations; ++run.mutation, ++executions) {
      execute(run.mutation == 0 ? original : mutator.next());
    }
  }
  std::cout << files.size() << " files, " << executions << " executions\n";
  return 0;
}
