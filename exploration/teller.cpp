#include "exploration/teller.hpp"

#include <algorithm>

#include "sim/world.hpp"

namespace cacherace::exploration {
namespace {

using models::Fact;
using models::Record;
using scenarios::Simulation;

// What follows a witness is only looked at for what was still on its way; it may never end.
constexpr std::size_t rest_steps_max = 1000;

// Runs along a way and takes it apart into steps.
class Teller final : public sim::ScriptChooser {
 public:
  Teller(Simulation& simulation, const std::vector<sim::Choices>& steps, std::size_t told)
      : ScriptChooser(joined(steps)),
        moves_(steps.size()),
        left_(std::min(told, steps.size())),
        simulation_(simulation) {}

  Told tell() {
    simulation_.choose_by(this);
    simulation_.run(0, true);
    note_picks();
    if (left_ > 0) end_step();
    const auto& records = simulation_.records();
    Witness witness{.steps = std::move(told_),
                    .rest = {records.begin() + static_cast<std::ptrdiff_t>(taken_), records.end()}};
    moves_.resize(std::min(moves_.size(), made_));
    return {std::move(witness), std::move(moves_)};
  }

  sim::Time instant(const sim::Pending& chosen, sim::Time now) override {
    if (is_new_step_ && made_ < moves_.size()) moves_[made_].tag = chosen.who->tag();
    if (is_new_step_) ++made_;
    is_new_step_ = false;
    return ScriptChooser::instant(chosen, now);
  }

 private:
  static sim::Choices joined(const std::vector<sim::Choices>& steps) {
    sim::Choices all;
    for (const auto& step : steps) all.insert(all.end(), step.begin(), step.end());
    return all;
  }

  bool between(std::span<const sim::Pending>) override {
    if (begun_ && left_ > 0) end_step();
    note_picks();
    begun_ = is_new_step_ = true;
    return left_ > 0 || ++rest_steps_ < rest_steps_max;
  }
  void free_choice(std::size_t) override {}

  void note_picks() {
    if (made_ == 0 || made_ > moves_.size()) return;
    moves_[made_ - 1].picks = {step().begin() + 1, step().end()};
  }

  // What counts nothing is told with what comes next, or with what came last; a crash is told after the
  // command it goes with.
  void end_step() {
    --left_;
    const auto& records = simulation_.records();
    if (counted() == 0 && left_ > 0) return;
    if (counted() == 0 && !told_.empty()) {
      for (; taken_ < records.size(); ++taken_) told_.back().records.push_back(records[taken_]);
      return;
    }
    WitnessStep step;
    std::vector<WitnessStep> crashes;
    for (; taken_ < records.size(); ++taken_) {
      const Record& record = records[taken_];
      if (record.fact == Fact::crashed) {
        add_crash(crashes, record);
      } else {
        step.records.push_back(record);
      }
    }
    step.who = who(step.records);
    told_.push_back(std::move(step));
    for (auto& crash : crashes) told_.push_back(std::move(crash));
  }

  // A client crashes once, whatever it is at.
  void add_crash(std::vector<WitnessStep>& crashes, const Record& record) const {
    const auto same = [&](const WitnessStep& crash) { return crash.records[0].client == record.client; };
    if (std::ranges::none_of(crashes, same)) {
      crashes.push_back({simulation_.client_name(record.client), {record}});
    }
  }

  [[nodiscard]] std::string who(const std::vector<Record>& records) const {
    for (auto record = records.rbegin(); record != records.rend(); ++record) {
      if (record->client != models::no_client) return simulation_.client_name(record->client);
    }
    return records.empty() ? "queue" : std::string(store_of(records.back()));
  }

  std::vector<Move> moves_;
  std::size_t made_ = 0;  // steps begun
  bool is_new_step_ = false;
  std::size_t left_;  // steps still to tell
  Simulation& simulation_;
  bool begun_ = false;
  std::size_t taken_ = 0;
  std::size_t rest_steps_ = 0;
  std::vector<WitnessStep> told_;
};

}  // namespace

Told tell(Simulation& simulation, const std::vector<sim::Choices>& steps, std::size_t told) {
  return Teller(simulation, steps, told).tell();
}

}  // namespace cacherace::exploration
