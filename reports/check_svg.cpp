#include "reports/check_svg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "reports/check_words.hpp"
#include "reports/escaped.hpp"
#include "reports/table.hpp"
#include "reports/units.hpp"

namespace cacherace::reports {
namespace {

using verify::History;
using verify::KeyVerdict;
using verify::Nanos;
using verify::OperationIndex;

constexpr std::size_t ordered_max = 12;  // of the order, its end: what stands next to the violation
constexpr std::size_t neighbours_max = 12;
constexpr double left = 120, top = 96, lane_height = 46, bar_height = 26, step = 62, right = 40;

// Plain rules, once for each scheme: not every viewer knows custom properties.
constexpr std::string_view style = R"(<style>
svg{font:13px system-ui,sans-serif}.paper{fill:#fff}text{fill:#1f2328}text.soft{fill:#656d76}
.lane{stroke:#d0d7de}.bar{fill:#ddf4ff;stroke:#0969da;stroke-width:1.5}.part{fill:#fff8c5;stroke:#9a6700}
.bad{fill:#ffebe9;stroke:#cf222e;stroke-width:2.5}.open{stroke-dasharray:4 3}
.head{font-size:16px;font-weight:600}.small{font-size:11px}.dot{fill:#0969da}
text.number{fill:#fff;font-size:11px;font-weight:600}text.wrong{fill:#cf222e;font-weight:600}
@media (prefers-color-scheme:dark){.paper{fill:#0d1117}text{fill:#e6edf3}text.soft{fill:#9198a1}
.lane{stroke:#3d444d}.bar{fill:#12253d;stroke:#4493f8}.part{fill:#2e2508;stroke:#d29922}
.bad{fill:#3c1618;stroke:#f85149}.dot{fill:#4493f8}text.number{fill:#0d1117}text.wrong{fill:#f85149}}
</style>
)";

constexpr std::string_view paper = "<rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n";

class Drawing {
 public:
  Drawing(const CheckedHistory& checked, const KeyVerdict& key) : checked_(checked), key_(key) {
    choose();
    place();
  }

  std::string text() {
    const std::string why = why_not(checked_, key_);
    const std::string title = history_title(checked_) + ": not linearizable";
    const auto lines = wrapped(why, static_cast<std::size_t>(std::max(width() - 40, 400.0) / 7.2));
    body_ = fmt::format("<text class=\"head\" x=\"20\" y=\"30\">{}</text>\n", escaped(title));
    double y = 52;
    for (const auto& line : lines) {
      body_ += fmt::format("<text class=\"soft\" x=\"20\" y=\"{}\">{}</text>\n", y, escaped(line));
      y += 17;
    }
    shift_ = std::max(0.0, y - top + 14);
    draw_lanes();
    for (std::size_t i = 0; i < shown_.size(); ++i) draw_bar(i);
    draw_legend();
    return fmt::format(
               "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} "
               "{1}\" role=\"img\" aria-labelledby=\"t d\">\n<title id=\"t\">{2}</title>\n<desc "
               "id=\"d\">{3}</desc>\n",
               width(), height(), escaped(title), escaped(why)) +
           std::string(style) + std::string(paper) + body_ + "</svg>\n";
  }

 private:
  [[nodiscard]] const History& history() const { return checked_.history; }
  [[nodiscard]] const verify::Operation& operation(std::size_t i) const {
    return history().operations[shown_[i]];
  }
  [[nodiscard]] double x_of(Nanos at) const {
    const auto place = std::ranges::lower_bound(instants_, at) - instants_.begin();
    return left + 20 + step * static_cast<double>(place);
  }
  [[nodiscard]] double y_of(std::size_t lane) const {
    return top + shift_ + lane_height * static_cast<double>(lane);
  }
  [[nodiscard]] double width() const {
    return std::max(560.0, left + 20 + step * static_cast<double>(instants_.size()) + right);
  }
  [[nodiscard]] double height() const { return y_of(lanes_.size()) + 66; }

  // The witness, the end of the order, the operation that cannot be placed, and what overlaps that.
  void choose() {
    shown_ = key_.witness;
    const std::size_t skipped = checked_.order.size() - std::min(checked_.order.size(), ordered_max);
    for (std::size_t i = skipped; i < checked_.order.size(); ++i) shown_.push_back(checked_.order[i]);
    if (key_.first_bad != verify::no_operation) {
      shown_.push_back(key_.first_bad);
      add_neighbours(history().operations[key_.first_bad]);
    }
    std::ranges::sort(shown_);
    const auto repeated = std::ranges::unique(shown_);
    shown_.erase(repeated.begin(), repeated.end());
  }

  void add_neighbours(const verify::Operation& bad) {
    std::size_t added = 0;
    for (OperationIndex i = 0; i < history().operations.size() && added < neighbours_max; ++i) {
      const auto& other = history().operations[i];
      if (other.start > bad.end) break;
      if (other.key != key_.key || other.end < bad.start || other.end == verify::never) continue;
      shown_.push_back(i);
      ++added;
    }
  }

  void place() {
    for (std::size_t i = 0; i < shown_.size(); ++i) {
      instants_.push_back(operation(i).start);
      if (operation(i).end != verify::never) instants_.push_back(operation(i).end);
    }
    std::ranges::sort(instants_);
    const auto repeated = std::ranges::unique(instants_);
    instants_.erase(repeated.begin(), repeated.end());
    // Lanes in the order in which their clients come in.
    for (std::size_t i = 0; i < shown_.size(); ++i) {
      lanes_.try_emplace(operation(i).client, lanes_.size());
    }
  }

  void draw_lanes() {
    for (const auto& [client, lane] : lanes_) {
      const double y = y_of(lane) + bar_height / 2;
      body_ += fmt::format("<line class=\"lane\" x1=\"{}\" x2=\"{}\" y1=\"{}\" y2=\"{}\"/>\n", left,
                           width() - 16, y, y);
      body_ += fmt::format("<text x=\"20\" y=\"{}\">{}</text>\n", y + 5,
                           escaped("client " + short_name(history().clients.at(client))));
    }
  }

  static std::string short_name(const std::string& name) {
    constexpr std::size_t longest = 8;
    return name.size() <= longest ? printable(name) : printable(name.substr(0, longest)) + "…";
  }

  void draw_bar(std::size_t i) {
    const auto& o = operation(i);
    const bool open = o.end == verify::never;
    const bool bad = shown_[i] == key_.first_bad;
    const bool part = std::ranges::find(key_.witness, shown_[i]) != key_.witness.end();
    const double x = x_of(o.start), y = y_of(lanes_.at(o.client));
    const double w = std::max((open ? width() - 16 : x_of(o.end)) - x, 8.0);
    const std::string label = bar_label(o);
    body_ += fmt::format(
        "<g><title>{}</title><rect class=\"bar{}{}{}\" x=\"{}\" y=\"{}\" width=\"{}\" "
        "height=\"{}\" rx=\"5\"/>",
        escaped(labelled_operation(history(), o) + ", " + span_words(shown_[i])), part ? " part" : "",
        bad ? " bad" : "", open ? " open" : "", x, y, w, bar_height);
    const auto number = std::ranges::find(checked_.order, shown_[i]);
    const bool ordered = number != checked_.order.end();
    const double text_x = x + (ordered || bad ? 24 : 8);
    body_ += fmt::format("<text class=\"small\" x=\"{}\" y=\"{}\">{}</text>", text_x, y + 17, escaped(label));
    if (ordered) {
      body_ += fmt::format(
          "<circle class=\"dot\" cx=\"{}\" cy=\"{}\" r=\"9\"/><text class=\"number\" x=\"{}\" "
          "y=\"{}\" text-anchor=\"middle\">{}</text>",
          x + 12, y + 13, x + 12, y + 17, number - checked_.order.begin() + 1);
    } else if (bad) {
      body_ += fmt::format("<text class=\"wrong\" x=\"{}\" y=\"{}\">✗</text>", x + 8, y + 18);
    }
    body_ += "</g>\n";
  }

  // Short, so that it fits into its bar: "w 7", "r 3", "3→4", "+x".
  [[nodiscard]] std::string bar_label(const verify::Operation& o) const {
    const auto value = [this](verify::Value v) {
      const std::string words = value_words(history(), v);
      constexpr std::size_t longest = 9;
      return display_width(words) <= longest ? words : wrapped(words, longest).front() + "…";
    };
    switch (o.kind) {
      case verify::OperationKind::read:
        return "r " + (o.outcome == verify::Outcome::ok ? value(o.value) : "?");
      case verify::OperationKind::write:
        return "w " + value(o.value);
      case verify::OperationKind::cas:
        return value(o.from) + "→" + value(o.value);
      case verify::OperationKind::append:
        break;
    }
    return "+ " + value(o.value);
  }

  [[nodiscard]] std::string span_words(OperationIndex at) const {
    const bool places = !history().timed;
    const auto [start, end] = history().times_of(at);
    const std::string unit = places ? "event " : "";
    const auto words = [&](Nanos t) { return places ? std::to_string(t) : duration_text(t); };
    return unit + words(start) + (end == verify::never ? " (no end)" : " to " + words(end));
  }

  void draw_legend() {
    const double y = y_of(lanes_.size()) + 22;
    const std::string ordered =
        checked_.order.empty() ? "" : "numbered: an order that explains them, as long as there is one; ";
    body_ += fmt::format("<text class=\"soft small\" x=\"20\" y=\"{}\">{}</text>\n", y,
                         escaped(ordered + "✗: cannot be placed; yellow: contradict each other"));
    body_ +=
        fmt::format("<text class=\"soft small\" x=\"20\" y=\"{}\">{}</text>\n", y + 17,
                    "from left to right in time, at equal distances whatever lies between; dashed: no end");
  }

  const CheckedHistory& checked_;
  const KeyVerdict& key_;
  std::vector<OperationIndex> shown_;  // ascending
  std::vector<Nanos> instants_;
  std::map<verify::ClientIndex, std::size_t> lanes_;
  double shift_ = 0;
  std::string body_;
};

}  // namespace

std::string check_svg(const CheckResult& result) {
  const auto order = worst_first(result);
  if (!order.empty() && order.front()->verdict.linearizable == false) {
    const auto& worst = *order.front();
    return Drawing(worst, worst.verdict.keys[worst.verdict.worst]).text();
  }
  return fmt::format(
             "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"560\" height=\"60\" role=\"img\">\n<title>no "
             "violation</title>\n<desc>No history is known not to be linearizable.</desc>\n") +
         std::string(style) + std::string(paper) +
         "<text class=\"head\" x=\"20\" y=\"36\">No history is known not to be "
         "linearizable.</text>\n</svg>\n";
}

}  // namespace cacherace::reports
