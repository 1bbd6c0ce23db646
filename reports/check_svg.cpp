#include "reports/check_svg.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/check_bars.hpp"
#include "reports/check_words.hpp"
#include "reports/escaped.hpp"
#include "reports/table.hpp"
#include "reports/units.hpp"

namespace cacherace::reports {
namespace {

using verify::History;
using verify::KeyVerdict;
using verify::Nanos;

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
  Drawing(const CheckedHistory& checked, const KeyVerdict& key)
      : checked_(checked), key_(key), drawn_(check_bars(checked, key)) {}

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
    for (const CheckBar& bar : drawn_.bars) draw_bar(bar);
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
  [[nodiscard]] double x_of(Nanos at) const {
    const auto place = std::ranges::lower_bound(drawn_.instants, at) - drawn_.instants.begin();
    return left + 20 + step * static_cast<double>(place);
  }
  [[nodiscard]] double y_of(std::size_t lane) const {
    return top + shift_ + lane_height * static_cast<double>(lane);
  }
  [[nodiscard]] double width() const {
    return std::max(560.0, left + 20 + step * static_cast<double>(drawn_.instants.size()) + right);
  }
  [[nodiscard]] double height() const { return y_of(drawn_.clients.size()) + 66; }

  void draw_lanes() {
    for (std::size_t lane = 0; lane < drawn_.clients.size(); ++lane) {
      const double y = y_of(lane) + bar_height / 2;
      body_ += fmt::format("<line class=\"lane\" x1=\"{}\" x2=\"{}\" y1=\"{}\" y2=\"{}\"/>\n", left,
                           width() - 16, y, y);
      body_ += fmt::format("<text x=\"20\" y=\"{}\">{}</text>\n", y + 5,
                           escaped("client " + short_name(history().clients.at(drawn_.clients[lane]))));
    }
  }

  static std::string short_name(const std::string& name) {
    constexpr std::size_t longest = 8;
    return name.size() <= longest ? printable(name) : printable(name.substr(0, longest)) + "…";
  }

  void draw_bar(const CheckBar& bar) {
    const auto& o = history().operations[bar.operation];
    const bool open = o.end == verify::never;
    const double x = x_of(o.start), y = y_of(bar.lane);
    const double w = std::max((open ? width() - 16 : x_of(o.end)) - x, 8.0);
    const std::string label = bar_words(history(), o);
    body_ += fmt::format(
        "<g><title>{}</title><rect class=\"bar{}{}{}\" x=\"{}\" y=\"{}\" width=\"{}\" "
        "height=\"{}\" rx=\"5\"/>",
        escaped(labelled_operation(history(), o) + ", " + span_words(history(), bar.operation)),
        bar.contradicts ? " part" : "", bar.first_bad ? " bad" : "", open ? " open" : "", x, y, w,
        bar_height);
    const double text_x = x + (bar.place || bar.first_bad ? 24 : 8);
    body_ += fmt::format("<text class=\"small\" x=\"{}\" y=\"{}\">{}</text>", text_x, y + 17, escaped(label));
    if (bar.place) {
      body_ += fmt::format(
          "<circle class=\"dot\" cx=\"{}\" cy=\"{}\" r=\"9\"/><text class=\"number\" x=\"{}\" "
          "y=\"{}\" text-anchor=\"middle\">{}</text>",
          x + 12, y + 13, x + 12, y + 17, *bar.place + 1);
    } else if (bar.first_bad) {
      body_ += fmt::format("<text class=\"wrong\" x=\"{}\" y=\"{}\">✗</text>", x + 8, y + 18);
    }
    body_ += "</g>\n";
  }

  void draw_legend() {
    const double y = y_of(drawn_.clients.size()) + 22;
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
  CheckBars drawn_;
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
