#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "service/metrics/histogram.h"

namespace ccbus::gateway {

// What a channel's committer is about, at some moment.
struct CommitMetrics {
  struct Stage {
    std::string_view name;  // Lives for ever.
    HistogramSnapshot seconds;
  };

  std::size_t waiting = 0;  // Transactions that no block has yet.
  std::vector<Stage> stages;
};

}  // namespace ccbus::gateway
