#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ccbus {

// The label of all that is beyond the bound of LabelledMetrics. No channel, no chaincode and no
// enumerator can be called so.
inline constexpr const char* kOtherLabels = "_other";

// Metrics kept apart by labels, as a channel and a chaincode. Names come from outside, so the
// number of different ones is bounded; what comes later is counted together, under "_other".
//
// Thread:   of() and known() on the one that counts, each() on any: `Metrics` is made of what can
//           be read while it is raised (tally.h, histogram.h). A lock is held to add, and to list.
// Lifetime: a reference stays good as long as this lives.
template <std::size_t Labels, class Metrics>
class LabelledMetrics {
 public:
  using Names = std::array<std::string_view, Labels>;
  using Values = std::array<std::string, Labels>;

  explicit LabelledMetrics(std::size_t different_max = 1'000) : different_max_(different_max) {
    other_values_.fill(kOtherLabels);
  }

  // Those of these labels, which are new at zero.
  [[nodiscard]] Metrics& of(const Names& names) {
    const auto at = metrics_.find(names);
    if (at != metrics_.end()) return at->second;
    if (metrics_.size() >= different_max_) return other_;
    Values values;
    std::ranges::copy(names, values.begin());
    const std::lock_guard lock(mutex_);
    return metrics_[std::move(values)];
  }

  // The same for names that nobody has checked: what is not known yet is counted as other.
  [[nodiscard]] Metrics& known(const Names& names) {
    const auto at = metrics_.find(names);
    return at == metrics_.end() ? other_ : at->second;
  }

  // Calls visit(values, metrics) for each, in order, and for the others at the end.
  template <class Visit>
  void each(Visit&& visit) const {
    std::vector<const std::pair<const Values, Metrics>*> there;
    {
      const std::lock_guard lock(mutex_);
      for (const auto& entry : metrics_) there.push_back(&entry);
    }
    for (const auto* entry : there) visit(entry->first, entry->second);
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

  const std::size_t different_max_;
  mutable std::mutex mutex_;  // Held to change the map's nodes, and to read them elsewhere.
  std::map<Values, Metrics, Less> metrics_;
  Values other_values_;
  Metrics other_;
};

}  // namespace ccbus
