#include "service/cli/bench/bench_outputs.h"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>
#include <vector>

#include "service/cli/bench/bench_comparison.h"
#include "service/cli/bench/bench_csv.h"
#include "service/cli/bench/bench_page.h"
#include "service/cli/bench/bench_report.h"
#include "service/cli/commands/argument_checks.h"

namespace ccbus::cli {
namespace {

Result<load::ScenarioResult> read_result(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  const auto json = nlohmann::json::parse(stream, nullptr, false);
  if (stream.bad() || !stream.is_open()) {
    return fail(ErrorCode::kInvalid, "--compare: cannot read " + file);
  }
  auto result = json.is_discarded() ? fail(ErrorCode::kInvalid, "it is not JSON")
                                    : load::scenario_result_from_json(json);
  if (result) return result;
  return fail(ErrorCode::kInvalid, "--compare: " + file + " is no result of ccbus bench --json: " +
                                       result.error().message);
}

// Checks that a file can be written, without changing it.
Result<void> check_writable(const std::string& flag, const std::string& file) {
  if (file.empty()) return {};
  std::error_code error;
  const bool was_there = std::filesystem::exists(file, error);
  if (!std::ofstream(file, std::ios::app)) {
    return fail(ErrorCode::kInvalid, flag + ": cannot write " + file);
  }
  if (!was_there) std::filesystem::remove(file, error);
  return {};
}

bool write(const std::string& file, const std::string& text) {
  std::ofstream stream(file, std::ios::binary);
  if (stream << text && stream.flush()) return true;
  std::cerr << "ccbus bench: cannot write " << file << "\n";
  return false;
}

}  // namespace

void BenchOutputs::add_to(CLI::App& command) {
  command.add_flag("--json", json_, "Print the whole result as one JSON object");
  command
      .add_option("--csv", csv_, "Write a row for each second, and one for the total, to this file")
      ->type_name("FILE")
      ->check(check_not_empty);
  command.add_option("--report", report_, "Write an HTML page with charts to this file")
      ->type_name("FILE")
      ->check(check_not_empty);
  command.add_option("--compare", compare_, "Compare with the run whose --json is in this file")
      ->type_name("FILE")
      ->check(check_not_empty);
}

Result<void> BenchOutputs::prepare() {
  if (!compare_.empty()) {
    auto older = read_result(compare_);
    if (!older) return unexpected(older.error());
    older_ = std::move(*older);
  }
  if (auto checked = check_writable("--csv", csv_); !checked) return checked;
  return check_writable("--report", report_);
}

ExitCode BenchOutputs::deliver(const load::ScenarioResult& result) const {
  std::vector<Comparison> comparisons;
  if (older_) comparisons = compare(*older_, result);
  if (json_) {
    nlohmann::ordered_json json = load::to_json(result);
    if (older_) json["comparison"] = comparison_json(comparisons);
    std::cout << json.dump() << "\n";
  } else {
    std::cout << format_bench(result);
    if (older_) std::cout << "\n" << format_comparisons(comparisons);
  }
  std::cout.flush();
  bool is_written = true;
  if (!csv_.empty()) is_written = write(csv_, bench_csv(result)) && is_written;
  if (!report_.empty()) is_written = write(report_, bench_page(result)) && is_written;
  return is_written ? bench_exit_code(result) : kRefused;
}

}  // namespace ccbus::cli
