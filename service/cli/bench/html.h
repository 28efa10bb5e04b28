#pragma once

#include <string>
#include <vector>

#include "service/cli/terminal/markup.h"

namespace ccbus::cli {

// Parts of an HTML page. `inner`, and the cells and headings of tables, are markup: the caller
// passes text through escaped() first.

[[nodiscard]] std::string element(const std::string& tag, const std::string& style,
                                  const std::string& inner);

[[nodiscard]] std::string section(const std::string& heading, const std::string& inner);

using HtmlRow = std::vector<std::string>;

// The first column is aligned to the left, the others to the right.
[[nodiscard]] std::string html_table(const HtmlRow& headings, const std::vector<HtmlRow>& rows);

struct HtmlShare {
  std::string style;
  double value;
};

// A horizontal bar of parts, each as wide as its share of `all`.
[[nodiscard]] std::string share_bar(const std::vector<HtmlShare>& shares, double all);

}  // namespace ccbus::cli
