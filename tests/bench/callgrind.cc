#include "tests/bench/callgrind.h"

#include <chrono>
#include <cstdio>
#include <fstream>
#include <stdexcept>

namespace ccbus::bench {
namespace {

constexpr const char* kValgrind = "/usr/bin/valgrind";
constexpr const char* kControl = "/usr/bin/callgrind_control";
constexpr const char* kAnnotate = "/usr/bin/callgrind_annotate";
constexpr std::chrono::seconds kPatience{60};
constexpr int kFirstThread = 1;  // The main thread.

// Each file of callgrind has a line "totals: N".
double instructions_in(const std::filesystem::path& file) {
  std::ifstream in(file);
  for (std::string word; in >> word;) {
    double count = 0;
    if (word == "totals:" && in >> count) return count;
  }
  throw std::runtime_error("no totals in " + file.string());
}

}  // namespace

bool Callgrind::is_installed() {
  return std::filesystem::exists(kValgrind);
}

std::vector<std::string> Callgrind::launcher() const {
  return {kValgrind, "--quiet", "--tool=callgrind", "--separate-threads=yes",
          "--callgrind-out-file=" + (directory_.path() / "out").string()};
}

Instructions Callgrind::count(pid_t child) {
  // Discards its messages on standard error about what it sends.
  test::Process control(
      {"/bin/sh", "-c", "exec \"$0\" --dump \"$1\" 2>&1", kControl, std::to_string(child)});
  if (control.wait(kPatience) != 0) throw std::runtime_error("callgrind_control failed");
  ++counts_;
  Instructions all{instructions_in(file_of(kFirstThread)), 0};
  for (int thread = kFirstThread + 1; std::filesystem::exists(file_of(thread)); ++thread) {
    all.other_threads += instructions_in(file_of(thread));
  }
  return all;
}

std::vector<std::string> Callgrind::most_expensive(std::size_t functions) const {
  test::Process annotate(
      {kAnnotate, "--auto=no", "--threshold=100", file_of(kFirstThread).string()});
  std::vector<std::string> lines;
  bool in_list = false;
  while (lines.size() < functions) {
    const std::string line = annotate.read_line(kPatience);
    // It attributes calls of functions that have not returned yet, such as main(), to themselves.
    const bool has_not_returned = line.find("(100.0%)") != std::string::npos;
    if (in_list && !has_not_returned && line.find('%') != std::string::npos) lines.push_back(line);
    // The list follows its heading, "Ir  file:function".
    if (line.find("file:function") != std::string::npos) in_list = true;
  }
  return lines;
}

std::filesystem::path Callgrind::file_of(int thread) const {
  char suffix[32];
  std::snprintf(suffix, sizeof suffix, "out.%d-%02d", counts_, thread);
  return directory_.path() / suffix;
}

}  // namespace ccbus::bench
