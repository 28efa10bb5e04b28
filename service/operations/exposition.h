#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "service/metrics/histogram.h"

namespace ccbus::operations {

using Labels = std::vector<std::pair<std::string, std::string>>;

// One response to GET /metrics, in Prometheus' text format. Samples of one name are grouped
// together, in whatever order they were added; their help and kind are those of the first sample.
// Values of labels are written in printable form (base/printable.h): Prometheus refuses a whole
// response in which one label is not UTF-8.
class Exposition {
 public:
  Exposition();
  ~Exposition();
  Exposition(const Exposition&) = delete;
  Exposition& operator=(const Exposition&) = delete;

  // For a value that only increases.
  void counter(std::string_view name, std::string_view help, Labels labels, double value);
  void gauge(std::string_view name, std::string_view help, Labels labels, double value);
  void histogram(std::string_view name, std::string_view help, Labels labels,
                 const HistogramSnapshot& metrics);

  [[nodiscard]] std::string text() const;

 private:
  struct Families;
  std::unique_ptr<Families> families_;
};

}  // namespace ccbus::operations
