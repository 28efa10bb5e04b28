#pragma once

#include <string>
#include <vector>

namespace ccbus::cli {

using Row = std::vector<std::string>;

// Writes a table whose columns are as wide as their widest cell and two spaces apart. The first row
// is the heading; all rows must have the same number of cells. Cells are written in printable form
// (base/printable.h), so that a name with a line end makes no row.
[[nodiscard]] std::string format_table(const std::vector<Row>& rows);

}  // namespace ccbus::cli
