#include "service/operations/exposition.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <cstddef>
#include <limits>
#include <map>

#include "service/base/printable.h"

namespace ccbus::operations {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

struct Exposition::Families {
  // Adds a sample with this name and these labels; the caller sets its value.
  ClientMetric& add(std::string_view name, std::string_view help, MetricType type, Labels labels) {
    const auto [at, is_new] = places.try_emplace(std::string(name), all.size());
    if (is_new) all.push_back({std::string(name), std::string(help), type, {}});
    ClientMetric& sample = all[at->second].metric.emplace_back();
    for (auto& [label, value] : labels) {
      sample.label.push_back({std::move(label), printable(value)});
    }
    return sample;
  }

  std::vector<MetricFamily> all;
  std::map<std::string, std::size_t> places;
};

Exposition::Exposition() : families_(std::make_unique<Families>()) {}
Exposition::~Exposition() = default;

void Exposition::counter(std::string_view name, std::string_view help, Labels labels,
                         double value) {
  families_->add(name, help, MetricType::Counter, std::move(labels)).counter.value = value;
}

void Exposition::gauge(std::string_view name, std::string_view help, Labels labels, double value) {
  families_->add(name, help, MetricType::Gauge, std::move(labels)).gauge.value = value;
}

void Exposition::histogram(std::string_view name, std::string_view help, Labels labels,
                           const HistogramSnapshot& metrics) {
  auto& sample = families_->add(name, help, MetricType::Histogram, std::move(labels)).histogram;
  for (std::size_t i = 0; i < metrics.counts.size(); ++i) {
    sample.sample_count += metrics.counts[i];
    const double bound =
        i < metrics.bounds.size() ? metrics.bounds[i] : std::numeric_limits<double>::infinity();
    sample.bucket.push_back({sample.sample_count, bound});
  }
  sample.sample_sum = metrics.sum;
}

std::string Exposition::text() const {
  return prometheus::TextSerializer().Serialize(families_->all);
}

}  // namespace ccbus::operations
