#include "service/load/run/process_sample.h"

#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <sstream>
#include <string>
#include <system_error>

namespace ccbus::load {
namespace {

namespace fs = std::filesystem;
using std::chrono::nanoseconds;

nanoseconds cpu_time(pid_t pid) {
  clockid_t clock{};
  timespec used{};
  if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &used) != 0) {
    return nanoseconds(0);
  }
  return std::chrono::seconds(used.tv_sec) + nanoseconds(used.tv_nsec);
}

// Reads the second number of statm: the resident pages.
std::uint64_t resident_bytes(const fs::path& process) {
  std::uint64_t pages_in_all = 0;
  std::uint64_t pages_resident = 0;
  std::ifstream(process / "statm") >> pages_in_all >> pages_resident;
  return pages_resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

// The second field of stat is the name in brackets, which may contain any character, so the third
// field begins after the last bracket. utime and stime are the 14th and 15th fields.
ProcessSample::Thread read_thread(const fs::path& thread) {
  constexpr int kFieldsBefore = 11;
  std::ifstream in(thread / "stat");
  std::string line;
  std::getline(in, line);
  const auto begin_of_name = line.find('(');
  const auto end_of_name = line.rfind(')');
  if (begin_of_name == std::string::npos || end_of_name == std::string::npos) return {};
  std::istringstream fields(line.substr(end_of_name + 1));
  std::string skipped;
  for (int i = 0; i < kFieldsBefore; ++i) fields >> skipped;
  std::int64_t user_ticks = 0;
  std::int64_t system_ticks = 0;
  fields >> user_ticks >> system_ticks;
  return {line.substr(begin_of_name + 1, end_of_name - begin_of_name - 1),
          nanoseconds(1'000'000'000 / sysconf(_SC_CLK_TCK)) * (user_ticks + system_ticks)};
}

void add_threads(const fs::path& process, std::map<pid_t, ProcessSample::Thread>& threads) {
  std::error_code gone;
  for (const auto& thread : fs::directory_iterator(process / "task", gone)) {
    const pid_t id = std::stoi(thread.path().filename().string());
    threads.emplace(id, read_thread(thread.path()));
  }
}

}  // namespace

ProcessSample sample_processes(const std::vector<pid_t>& pids) {
  ProcessSample sample;
  sample.time = std::chrono::steady_clock::now();
  for (const pid_t pid : pids) {
    const fs::path process = fs::path("/proc") / std::to_string(pid);
    ++sample.processes;
    sample.cpu += cpu_time(pid);
    sample.resident_bytes += resident_bytes(process);
    add_threads(process, sample.threads);
  }
  return sample;
}

// The first line has: cpu user nice system idle iowait irq softirq steal. The fields after these
// (guest time) are already included in user and nice.
MachineSample sample_machine() {
  constexpr std::size_t kIdle = 3;
  constexpr std::size_t kIoWait = 4;
  constexpr std::size_t kSteal = 7;
  std::array<std::uint64_t, 8> ticks{};
  std::string label;
  std::ifstream in("/proc/stat");
  in >> label;
  for (std::uint64_t& column : ticks) in >> column;
  MachineSample sample;
  sample.time = std::chrono::steady_clock::now();
  sample.all = std::accumulate(ticks.begin(), ticks.end(), std::uint64_t{0});
  sample.stolen = ticks[kSteal];
  sample.busy = sample.all - ticks[kIdle] - ticks[kIoWait] - ticks[kSteal];
  return sample;
}

double busy_cores(const MachineSample& from, const MachineSample& until) {
  const double seconds = std::chrono::duration<double>(until.time - from.time).count();
  const double ticks = static_cast<double>(until.busy - from.busy);
  return seconds > 0 ? ticks / static_cast<double>(sysconf(_SC_CLK_TCK)) / seconds : 0;
}

double stolen_share(const MachineSample& from, const MachineSample& until) {
  const auto all = static_cast<double>(until.all - from.all);
  return all > 0 ? static_cast<double>(until.stolen - from.stolen) / all : 0;
}

Usage usage_between(const ProcessSample& from, const ProcessSample& until) {
  using Seconds = std::chrono::duration<double>;
  Usage usage;
  const double seconds = Seconds(until.time - from.time).count();
  if (until.processes == 0 || seconds <= 0) return usage;
  usage.is_known = true;
  usage.processes = until.processes;
  usage.resident_bytes = until.resident_bytes;
  usage.cores = Seconds(until.cpu - from.cpu).count() / seconds;
  for (const auto& [id, thread] : until.threads) {
    const auto before = from.threads.find(id);
    const nanoseconds used =
        thread.cpu - (before == from.threads.end() ? nanoseconds(0) : before->second.cpu);
    const double share = Seconds(used).count() / seconds;
    if (share <= usage.busiest_thread) continue;
    usage.busiest_thread = share;
    usage.busiest_thread_name = thread.name;
  }
  usage.busiest_thread = std::min(usage.busiest_thread, 1.0);
  return usage;
}

}  // namespace ccbus::load
