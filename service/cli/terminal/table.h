#pragma once

#include <string>
#include <vector>

namespace ccbus::cli {

using Row = std::vector<std::string>;

// Columns as wide as their widest cell, two spaces apart. The first row is the heading, and all
// have as many cells.
[[nodiscard]] std::string format_table(const std::vector<Row>& rows);

}  // namespace ccbus::cli
