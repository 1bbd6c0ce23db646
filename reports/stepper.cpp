#include "reports/stepper.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "reports/units.hpp"

namespace cacherace::reports {
namespace {

constexpr std::string_view keys =
    "Right/Left: step  v/V: next/previous violation  PgDn/PgUp  g/G: ends  q: quit";
constexpr std::string_view few_keys = "Right Left  v V  g G  q: quit";

std::string padded(std::string text, std::size_t width) {
  const auto has = display_width(text);
  if (has < width) text.append(width - has, ' ');
  return text;
}

std::string padded_left(const std::string& text, std::size_t width) {
  const auto has = display_width(text);
  return has < width ? std::string(width - has, ' ') + text : text;
}

// The beginning of it, with "…" for what is left out.
std::string cut(const std::string& text, std::size_t width) {
  if (display_width(text) <= width) return text;
  if (width == 0) return "";
  std::string kept;
  std::size_t end = 0;
  while (end < text.size()) {
    std::size_t next = end + 1;
    while (next < text.size() && (static_cast<unsigned char>(text[next]) & 0xC0U) == 0x80U) ++next;
    const std::string longer = text.substr(0, next);
    if (display_width(longer) + 1 > width) break;
    kept = longer;
    end = next;
  }
  return kept + "…";
}

bool is_step(const TellingLine& line) {
  return line.kind == LineKind::step;
}

}  // namespace

Stepper::Stepper(Telling telling, std::vector<std::string> reasons)
    : telling_(std::move(telling)), reasons_(std::move(reasons)), instants_(telling_) {
  for (const TellingLine& line : telling_.lines) {
    who_width_ = std::max(who_width_, display_width(line.who));
    time_width_ = std::max(time_width_, instants_.text(line.at).size());
  }
}

void Stepper::walk(Walk walk) {
  const std::size_t last = telling_.lines.size() - 1;
  switch (walk) {
    case Walk::next:
      position_ = std::min(position_ + 1, last);
      return;
    case Walk::previous:
      position_ -= std::min<std::size_t>(position_, 1);
      return;
    case Walk::page_down:
      position_ = std::min(position_ + page_, last);
      return;
    case Walk::page_up:
      position_ -= std::min(position_, page_);
      return;
    case Walk::first:
      position_ = 0;
      return;
    case Walk::last:
      position_ = last;
      return;
    case Walk::next_violation:
    case Walk::previous_violation:
      find_violation(walk == Walk::next_violation);
  }
}

void Stepper::find_violation(bool onward) {
  for (std::size_t at = position_; onward ? at + 1 < telling_.lines.size() : at > 0;) {
    at = onward ? at + 1 : at - 1;
    if (!telling_.lines[at].violates) continue;
    position_ = at;
    return;
  }
}

std::vector<Contents> Stepper::contents() const {
  std::vector<Contents> all = telling_.first;
  for (std::size_t i = 0; i <= position_; ++i) {
    const auto& held = telling_.lines[i].held;
    if (!held) continue;
    const auto place = std::ranges::find(all, held->key, &Contents::key);
    if (place != all.end()) *place = *held;
  }
  return all;
}

std::vector<ScreenLine> Stepper::head() const {
  const auto steps = std::ranges::count_if(telling_.lines, is_step);
  const auto done = std::count_if(
      telling_.lines.begin(), telling_.lines.begin() + static_cast<std::ptrdiff_t>(position_) + 1, is_step);
  const std::string where = telling_.timed ? instants_.text(telling_.lines[position_].at) + " ms" : "untimed";
  return {{telling_.title, Style::bold},
          {fmt::format("step {} of {}   {}   {}", done, steps, where, telling_.verdict), Style::plain}};
}

ScreenLine Stepper::line_text(std::size_t index) const {
  const TellingLine& line = telling_.lines[index];
  const bool here = index == position_;
  std::string text = here ? "> " : "  ";
  text += line.violates ? "! " : "  ";
  const bool is_mark = line.kind == LineKind::wrong_from || line.kind == LineKind::right_again;
  text += padded_left(is_mark ? "" : instants_.text(line.at), time_width_) + "  " +
          padded(line.who, who_width_) + "  " + line.words;
  if (here) return {text, Style::current};
  if (line.violates || line.kind == LineKind::wrong_from) return {text, Style::red};
  return {text, line.kind == LineKind::right_again ? Style::green : Style::plain};
}

// The present step stands in the middle, but for the first and the last ones.
std::vector<ScreenLine> Stepper::steps(std::size_t rows) const {
  std::vector<ScreenLine> shown;
  const std::size_t count = telling_.lines.size();
  const std::size_t before = std::min(position_, rows / 2);
  const std::size_t first = std::min(position_ - before, count - std::min(count, rows));
  for (std::size_t i = first; i < count && shown.size() < rows; ++i) shown.push_back(line_text(i));
  shown.resize(rows);
  return shown;
}

// Of many keys that of the present step comes first, then those that differ.
std::vector<ScreenLine> Stepper::stores(std::size_t rows) const {
  std::vector<Contents> all = contents();
  const auto& present = telling_.lines[position_].key;
  std::ranges::stable_sort(all, {}, [&](const Contents& held) {
    return held.key == present ? 0 : held.differs ? 1 : 2;
  });
  std::vector<std::vector<std::string>> cells = {{"key", "redis", "mysql"}};
  if (telling_.replicas > 0) cells[0].emplace_back(telling_.replicas == 1 ? "replica" : "replicas");
  if (telling_.has_queue) cells[0].emplace_back("queue");
  for (const Contents& held : all) {
    if (cells.size() >= rows) break;
    std::vector<std::string> row = {held.key, held.redis.empty() ? "-" : held.redis, held.primary};
    if (telling_.replicas > 0) row.push_back(fmt::format("{}", fmt::join(held.replicas, " ")));
    if (telling_.has_queue) row.push_back(held.queue.empty() ? "-" : held.queue);
    if (held.differs) row[1] += " !";
    cells.push_back(std::move(row));
  }
  std::vector<std::size_t> widths(cells[0].size());
  for (const auto& row : cells) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], display_width(row[i]));
  }
  std::vector<ScreenLine> shown;
  for (std::size_t r = 0; r < cells.size(); ++r) {
    std::string text = "  ";
    for (std::size_t i = 0; i < cells[r].size(); ++i) text += padded(cells[r][i], widths[i]) + "  ";
    const bool differs = r > 0 && all[r - 1].differs;
    shown.push_back({text, r == 0 ? Style::dim : differs ? Style::red : Style::plain});
  }
  const std::size_t left_out = all.size() + 1 - cells.size();
  if (left_out > 0) shown[0].text += fmt::format("({} more)", counted(left_out, "key"));
  return shown;
}

std::vector<ScreenLine> Stepper::why(std::size_t rows, std::size_t columns) const {
  std::vector<ScreenLine> shown;
  for (const std::string& reason : reasons_) {
    for (const std::string& line : wrapped(reason, columns > 2 ? columns - 2 : 1)) {
      if (shown.size() < rows) shown.push_back({"  " + line, Style::plain});
    }
  }
  return shown;
}

std::vector<ScreenLine> Stepper::screen(std::size_t rows, std::size_t columns) {
  constexpr std::size_t low = 12;  // rows
  std::vector<ScreenLine> shown, below;
  if (rows >= low) {
    shown = head();
    shown.emplace_back();
    const auto held = stores(std::max<std::size_t>(2, rows / 4));
    const auto reasons = why(rows / 5, columns);
    below.emplace_back();
    below.insert(below.end(), held.begin(), held.end());
    if (!reasons.empty()) below.emplace_back();
    below.insert(below.end(), reasons.begin(), reasons.end());
    below.emplace_back();
  }
  below.push_back({std::string(display_width(keys) <= columns ? keys : few_keys), Style::dim});
  page_ = rows > shown.size() + below.size() ? rows - shown.size() - below.size() : 1;
  const auto told = steps(page_);
  shown.insert(shown.end(), told.begin(), told.end());
  shown.insert(shown.end(), below.begin(), below.end());
  shown.resize(rows);
  for (ScreenLine& line : shown) line.text = cut(line.text, columns);
  return shown;
}

}  // namespace cacherace::reports
