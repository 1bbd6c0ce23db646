#include "tools/sweep.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <variant>

#include "reports/json.hpp"
#include "reports/sweep.hpp"
#include "reports/sweep_page.hpp"
#include "tools/declare.hpp"
#include "tools/interrupt.hpp"
#include "tools/output.hpp"
#include "tools/progress.hpp"
#include "tools/report.hpp"
#include "tools/whole_file.hpp"

namespace cacherace::tools {
namespace {

using namespace scenarios;
namespace fs = std::filesystem;

// The folder of finished points: one file each, written whole, so that whatever ends the program leaves
// nothing that is taken for more than it is.
class Folder {
 public:
  // Empty: nothing is kept.
  explicit Folder(const OptionText& path) : path_(path.value_or("")) {}

  // False after complaining: it cannot be used, or holds another sweep.
  bool open(const std::string& manifest) const {
    if (path_.empty()) return true;
    std::error_code error;
    fs::create_directories(path_, error);
    if (error) return complain_about(error.message());
    remove_what_a_kill_left();
    const std::string file = path_ + "/sweep.json";
    if (!fs::exists(file)) {
      if (!fs::is_empty(path_, error) || error)
        return complain_about("it holds other files; choose a new folder");
      const auto failed = write_whole(file, manifest);
      return !failed || complain_about(*failed);
    }
    const auto held = read_text_file(file);
    const auto* text = std::get_if<std::string>(&held);
    if (text != nullptr && *text == manifest) return true;
    return complain_about("it holds the points of another sweep; choose a new folder, or remove it");
  }

  // The document of a point that was finished before.
  [[nodiscard]] std::optional<std::string> find(std::size_t point) const {
    if (path_.empty() || !fs::exists(file_of(point))) return std::nullopt;
    auto held = read_text_file(file_of(point));
    if (auto* text = std::get_if<std::string>(&held)) return std::move(*text);
    return std::nullopt;
  }

  [[nodiscard]] bool keep(std::size_t point, const std::string& document) const {
    if (path_.empty()) return true;
    const auto failed = write_whole(file_of(point), document);
    return !failed || complain_about(*failed);
  }

 private:
  // Files that were begun beside their target (whole_file.hpp), and are no one's now.
  void remove_what_a_kill_left() const {
    std::vector<fs::path> left;
    for (const auto& entry : fs::directory_iterator(path_)) {
      const std::string name = entry.path().filename().string();
      const bool ours =
          name.starts_with("sweep.json.") || (name.starts_with("point-") && name.find(".json.") != name.npos);
      if (ours) left.push_back(entry.path());
    }
    std::error_code error;
    for (const auto& path : left) fs::remove(path, error);
  }

  [[nodiscard]] std::string file_of(std::size_t point) const {
    return fmt::format("{}/point-{:05}.json", path_, point);
  }
  [[nodiscard]] bool complain_about(const std::string& what) const {
    complain(fmt::format("--sweep-dir: {}: {}", path_, what));
    return false;
  }

  std::string path_;
};

class Sweeper {
 public:
  explicit Sweeper(SweepJob& job) : job_(job), folder_(job.folder), line_(job.show_progress) {
    sweep_ = {.version = job.source.version,
              .scenario = job.scenario.name,
              .seed = job.scenario.seed,
              .runs = job.scenario.runs,
              .axes = job.axes,
              .figure = job.figure};
  }

  ExitStatus run() {
    const auto points = points_of(job_.axes);
    for (const auto& point : points) {
      if (!scenario_at(point)) return ExitStatus::bad_input;
    }
    Scenario described = job_.scenario;
    if (!job_.strategies.empty()) described.strategies = job_.strategies;
    if (!folder_.open(reports::sweep_manifest(described, sweep_))) return ExitStatus::bad_input;
    for (std::size_t i = 0; i < points.size() && !*job_.options.stop; ++i) {
      if (!take(i, points)) return ExitStatus::bad_input;
    }
    line_.erase();
    if (sweep_.points.size() < points.size()) {
      sweep_.complete = false;
      complain(fmt::format("interrupted after {} of {} points{}", sweep_.points.size(), points.size(),
                           job_.folder ? "; the same command goes on from there" : ""));
    }
    const bool reported = write_report(job_.report, [&] { return reports::sweep_page(sweep_); });
    if (!deliver(job_.output, [&](reports::Paint paint) { return document(paint); }) || !reported)
      return ExitStatus::bad_input;
    return status_of(reports::verdict_of(sweep_));
  }

 private:
  std::optional<Scenario> scenario_at(const std::vector<Setting>& point) const {
    auto made = with_settings(job_.scenario, point);
    if (const auto* wrong = std::get_if<std::string>(&made)) {
      complain("--sweep: " + *wrong);
      return std::nullopt;
    }
    auto& scenario = std::get<Scenario>(made);
    if (!job_.strategies.empty()) scenario.strategies = job_.strategies;
    return std::move(scenario);
  }

  // Point number i, from the folder or by running it. False where its file could not be written.
  bool take(std::size_t i, const std::vector<std::vector<Setting>>& points) {
    if (const auto kept = folder_.find(i)) return add(points[i], *kept);
    const auto scenario = scenario_at(points[i]);
    ExperimentOptions options = job_.options;
    options.see = [&](const Progress& progress) {
      line_.show({i * progress.runs_total + progress.runs_done, points.size() * progress.runs_total,
                  progress.strategy});
    };
    const RunResult result = run_experiment(*scenario, options);
    if (*options.stop) return true;  // a part of a point is none
    reports::Source source = job_.source;
    source.settings.insert(source.settings.end(), points[i].begin(), points[i].end());
    const std::string text = reports::run_document(result, source);
    return folder_.keep(i, text) && add(points[i], text);
  }

  bool add(const std::vector<Setting>& settings, const std::string& text) {
    auto read = reports::read_saved_result(text, fmt::format("{} of the sweep", settings.front().value));
    if (const auto* faults = std::get_if<std::vector<Fault>>(&read)) {
      complain(*faults);
      return false;
    }
    auto& result = std::get<reports::SavedResult>(read);
    sweep_.complete = sweep_.complete && result.complete;
    sweep_.points.push_back({settings, reports::Json::parse(text), std::move(result)});
    return true;
  }

  [[nodiscard]] std::string document(reports::Paint paint) const {
    switch (job_.format) {
      case SweepJob::Format::json:
        return reports::sweep_document(sweep_);
      case SweepJob::Format::markdown:
        return reports::sweep_markdown(sweep_);
      case SweepJob::Format::table:
        break;
    }
    return reports::sweep_table(sweep_, paint);
  }

  SweepJob& job_;
  Folder folder_;
  ProgressLine line_;
  reports::Sweep sweep_;
};

}  // namespace

ExitStatus run_sweep(SweepJob& job) {
  job.options.stop = &watch_for_interruption();
  return Sweeper(job).run();
}

}  // namespace cacherace::tools
