#include "service/cli/bench/latency_row.h"

#include "service/cli/terminal/figures.h"

namespace ccbus::cli {

std::vector<std::string> latency_row(const std::string& name,
                                     const load::LatencyHistogram& latency) {
  std::vector<std::string> row = {name};
  for (const double share : {0.5, 0.9, 0.99, 0.999}) {
    row.push_back(short_duration(latency.quantile(share)));
  }
  row.push_back(short_duration(latency.max()));
  row.push_back(grouped(latency.count()));
  return row;
}

}  // namespace ccbus::cli
