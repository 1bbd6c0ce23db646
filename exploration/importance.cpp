#include "exploration/importance.hpp"

#include "models/roles.hpp"

namespace cacherace::exploration {
namespace {

// How often it is looked at whether a run is bad at values of later groups.
constexpr double look_closer = 1.0 / 16.0;

class Weighing {
 public:
  Weighing(const ImportancePlan& plan, PlayedRuns& runs) : plan_(plan), runs_(runs), playing_(table_) {
    estimate_.at.assign(plan.values, 0.0);
    estimate_.from.assign(plan.values, 0.0);
  }

  ReplicationEstimate run(std::uint32_t replication, const std::atomic<bool>& stop) {
    std::uint64_t all = 0;
    for (const auto& group : plan_.groups) all += group.runs;
    std::uint64_t number = plan_.first_run + replication * all;
    for (std::size_t i = 0; i < plan_.groups.size(); ++i) {
      const auto& group = plan_.groups[i];
      std::vector<AimMixture::Part> parts;
      for (const auto& [aim, share] : group.aims) parts.push_back({&plan_.aims[aim], share});
      AimMixture mixture(std::move(parts), runs_);
      for (std::uint32_t run = 0; run < group.runs && !stop; ++run) {
        sim::Stream chance(plan_.seed, number,
                           models::purpose(static_cast<std::uint32_t>(i), models::Role::splitting));
        mixture.choose(chance);
        table_.begin(plan_.seed, number++, mixture);
        look(group, mixture, chance);
      }
    }
    return estimate_;
  }

 private:
  // A run that is not bad at a group's first value is looked at further only now and then; then it counts for
  // those that were not.
  void look(const ImportancePlan::Group& group, const AimMixture& mixture, sim::Stream& chance) {
    bad_.assign(plan_.values, false);
    bad_[group.first] = runs_.bad_at(group.first);
    const bool closer = chance.next_fraction() < look_closer;
    bool any = bad_[group.first], beyond = false;
    for (std::size_t value = group.first + 1; value < group.end && (closer || bad_[group.first]); ++value) {
      bad_[value] = runs_.bad_at(value);
      any = any || bad_[value];
    }
    for (std::size_t value = group.end; value < plan_.values && closer && !beyond; ++value) {
      beyond = runs_.bad_at(value);
    }
    if (any || beyond) count(group, mixture.weight(table_.entries()) / group.runs, beyond);
  }

  void count(const ImportancePlan::Group& group, double weight, bool beyond) {
    const double seldom = weight / look_closer;
    const double here = bad_[group.first] ? weight : seldom;
    double later = beyond ? seldom : 0.0;
    for (std::size_t value = group.end; value-- > group.first;) {
      if (bad_[value]) later = here;
      if (bad_[value]) estimate_.at[value] += here;
      estimate_.from[value] += later;
    }
  }

  const ImportancePlan& plan_;
  PlayedRuns& runs_;
  sim::DrawTable table_;
  sim::Playing playing_;
  std::vector<bool> bad_;
  ReplicationEstimate estimate_;
};

}  // namespace

ReplicationEstimate weigh(const ImportancePlan& plan, PlayedRuns& runs, std::uint32_t replication,
                          const std::atomic<bool>& stop) {
  return Weighing(plan, runs).run(replication, stop);
}

}  // namespace cacherace::exploration
