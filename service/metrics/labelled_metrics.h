#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "service/base/mutex.h"

namespace ccbus {

// The label that stands for all combinations beyond the limit of LabelledMetrics. No channel, no
// chaincode and no enumerator can have this name.
inline constexpr const char* kOtherLabels = "_other";

// Metrics for each combination of labels, as a channel and a chaincode. Names come from outside, so
// the number of combinations is limited; further ones are counted together, under "_other".
//
// Thread:   of() and known() on one thread only, the writer; each() on any. `Metrics` must be
//           readable during writes (single_writer_counter.h, histogram.h). A lock is held while a
//           combination is added, and while the combinations are listed.
// Lifetime: a returned reference is valid as long as this object.
template <std::size_t Labels, class Metrics>
class LabelledMetrics {
 public:
  using Names = std::array<std::string_view, Labels>;
  using Values = std::array<std::string, Labels>;

  explicit LabelledMetrics(std::size_t different_max = 1'000) : different_max_(different_max) {
    other_values_.fill(kOtherLabels);
  }

  // Returns the metrics of these labels. New ones start at zero.
  [[nodiscard]] Metrics& of(const Names& names) {
    auto& metrics = metrics_of_writer();
    if (const auto at = metrics.find(names); at != metrics.end()) return at->second;
    if (metrics.size() >= different_max_) return other_;
    Values values;
    std::ranges::copy(names, values.begin());
    const MutexLock lock(mutex_);
    return metrics_[std::move(values)];
  }

  // The same for labels that nobody has checked: unknown ones are counted under "_other".
  [[nodiscard]] Metrics& known(const Names& names) {
    auto& metrics = metrics_of_writer();
    const auto at = metrics.find(names);
    return at == metrics.end() ? other_ : at->second;
  }

  // Calls visit(values, metrics) for each combination, in order, and for "_other" at the end.
  template <class Visit>
  void each(Visit&& visit) const {
    std::vector<const std::pair<const Values, Metrics>*> entries;
    {
      const MutexLock lock(mutex_);
      for (const auto& entry : metrics_) entries.push_back(&entry);
    }
    for (const auto* entry : entries) visit(entry->first, entry->second);
    visit(other_values_, other_);
  }

 private:
  struct Less {
    using is_transparent = void;
    template <class One, class Other>
    bool operator()(const One& one, const Other& other) const {
      return std::ranges::lexicographical_compare(
          one, other, [](std::string_view a, std::string_view b) { return a < b; });
    }
  };

  using Map = std::map<Values, Metrics, Less>;

  // The map for its only writer, which reads it without the lock: nobody else changes it. The
  // analysis cannot know that, so it is switched off here.
  [[nodiscard]] Map& metrics_of_writer() CCBUS_THREAD_ATTRIBUTE(no_thread_safety_analysis) {
    return metrics_;
  }

  const std::size_t different_max_;
  mutable Mutex mutex_;
  Map metrics_ CCBUS_GUARDED_BY(mutex_);
  Values other_values_;
  Metrics other_;
};

}  // namespace ccbus
