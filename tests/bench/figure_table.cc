#include "tests/bench/figure_table.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "tests/bench/statistics.h"

namespace ccbus::bench {
namespace {

constexpr int kWidthMin = 9;

int width_of(const FigureTable::Column& column) {
  return std::max(kWidthMin, static_cast<int>(column.name.size()));
}

}  // namespace

FigureTable::FigureTable(std::string title, std::vector<Column> columns)
    : title_(std::move(title)), columns_(std::move(columns)) {}

void FigureTable::add_round(std::vector<double> figures) {
  if (figures.size() != columns_.size()) throw std::logic_error("a figure for each column");
  rounds_.push_back(std::move(figures));
}

std::vector<double> FigureTable::medians() const {
  std::vector<double> all;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    all.push_back(median_of(rounds_, [i](const auto& round) { return round[i]; }));
  }
  return all;
}

void FigureTable::print_row(const std::string& name, const std::vector<double>& figures) const {
  std::printf("  %-6s", name.c_str());
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    std::printf("  %*.*f", width_of(columns_[i]), columns_[i].decimals, figures[i]);
  }
  std::printf("\n");
}

void FigureTable::print() const {
  std::printf("%s\n  %-6s", title_.c_str(), "round");
  for (const Column& column : columns_) {
    std::printf("  %*s", width_of(column), column.name.c_str());
  }
  std::printf("\n");
  for (std::size_t i = 0; i < rounds_.size(); ++i) print_row(std::to_string(i + 1), rounds_[i]);
  print_row("median", medians());
}

nlohmann::json FigureTable::to_json() const {
  nlohmann::json columns = nlohmann::json::array();
  for (const Column& column : columns_) columns.push_back(column.name);
  return {{"title", title_}, {"columns", columns}, {"median", medians()}, {"rounds", rounds_}};
}

}  // namespace ccbus::bench
