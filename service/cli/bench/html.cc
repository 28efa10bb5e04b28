#include "service/cli/bench/html.h"

#include <algorithm>

#include "service/cli/terminal/figures.h"

namespace ccbus::cli {

std::string element(const std::string& tag, const std::string& style, const std::string& inner) {
  const std::string attribute = style.empty() ? "" : " class=\"" + style + "\"";
  return "<" + tag + attribute + ">" + inner + "</" + tag + ">\n";
}

std::string section(const std::string& heading, const std::string& inner) {
  return element("section", "", element("h2", "", heading) + inner);
}

std::string html_table(const HtmlRow& headings, const std::vector<HtmlRow>& rows) {
  const auto row_of = [](const char* cell, const HtmlRow& cells) {
    std::string inner;
    for (const std::string& one : cells) inner += element(cell, "", one);
    return element("tr", "", inner);
  };
  std::string inner = headings.empty() ? "" : row_of("th", headings);
  for (const HtmlRow& row : rows) inner += row_of("td", row);
  return element("div", "scroll", element("table", "", inner));
}

std::string share_bar(const std::vector<HtmlShare>& shares, double all) {
  std::string inner;
  for (const HtmlShare& share : shares) {
    if (share.value <= 0 || all <= 0) continue;
    const double width = std::min(100.0, share.value / all * 100);
    inner += "<i class=\"" + share.style + "\" style=\"width:" + decimal(width, 2) + "%\"></i>";
  }
  return element("div", "bar", inner);
}

}  // namespace ccbus::cli
