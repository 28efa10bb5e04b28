#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace ccbus::bench {

// The figures of several rounds, with the median of each; printed as a table or as JSON.
class FigureTable {
 public:
  struct Column {
    std::string name;  // With its unit: "keys/s".
    int decimals = 0;
  };

  FigureTable(std::string title, std::vector<Column> columns);

  // One figure for each column.
  void add_round(std::vector<double> figures);

  void print() const;
  [[nodiscard]] nlohmann::json to_json() const;

 private:
  [[nodiscard]] std::vector<double> medians() const;
  void print_row(const std::string& name, const std::vector<double>& figures) const;

  const std::string title_;
  const std::vector<Column> columns_;
  std::vector<std::vector<double>> rounds_;
};

}  // namespace ccbus::bench
