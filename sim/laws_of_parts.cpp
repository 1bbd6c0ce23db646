// Laws made of parts: pieces of uniform mass (quantiles, histograms) and mixtures.
#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <utility>

#include "sim/laws.hpp"

namespace cacherace::sim {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// Uniform pieces and points, one after the other; gaps may lie between them.
class Pieces final : public Law {
 public:
  struct Piece {
    Duration from;
    Duration to;
    double mass;  // > 0; of any scale
  };

  explicit Pieces(std::vector<Piece> pieces)
      : Law({pieces.front().from, pieces.back().to}), pieces_(std::move(pieces)), rest_(pieces_.size() + 1) {
    for (std::size_t i = pieces_.size(); i-- > 0;) {
      rest_[i] = rest_[i + 1] + pieces_[i].mass;
    }
    total_ = rest_.front();
    double sum = 0.0;
    for (const Piece& piece : pieces_) {
      starts_.push_back(sum / total_);
      sum += piece.mass;
    }
  }

  // The law of `pieces` without those that have no mass; none: no mass at all.
  static LawPtr of(std::vector<Piece> pieces) {
    std::erase_if(pieces, [](const Piece& piece) { return !(piece.mass > 0.0); });
    if (pieces.empty()) {
      return nullptr;
    }
    if (pieces.front().from == pieces.back().to) {
      return point(pieces.front().from);
    }
    return std::make_shared<Pieces>(std::move(pieces));
  }

  double quantile(double fraction) const override {
    const auto after = std::upper_bound(starts_.begin() + 1, starts_.end(), fraction);
    const auto i = static_cast<std::size_t>(after - starts_.begin()) - 1;
    const Piece& piece = pieces_[i];
    const double share = std::min(1.0, (fraction - starts_[i]) * total_ / piece.mass);
    return in_ns(piece.from) + in_ns(piece.to - piece.from) * share;
  }
  double below(double x) const override {
    const std::size_t i = first_ending_after(x);
    return (total_ - rest_[i] + (i < pieces_.size() ? part_below(pieces_[i], x) : 0.0)) / total_;
  }
  double above(double x) const override {
    const std::size_t i = first_ending_after(x);
    return i < pieces_.size() ? (rest_[i + 1] + pieces_[i].mass - part_below(pieces_[i], x)) / total_ : 0.0;
  }
  Part within(Support range) const override {
    std::vector<Piece> left;
    double sum = 0.0;
    for (const Piece& piece : pieces_) {
      const Support whole{piece.from, piece.to};
      const Support part = intersection(whole, range);
      const bool is_point = piece.from == piece.to;
      const double share =
          is_point ? (contains(range, piece.from) ? 1.0 : 0.0) : length(part) / length(whole);
      if (share > 0.0) {
        left.push_back({part.min, *part.max, piece.mass * share});
        sum += left.back().mass;
      }
    }
    return left.empty() ? Part{} : Part{of(std::move(left)), std::log(sum / total_)};
  }

 private:
  std::size_t first_ending_after(double x) const {
    const auto found = std::upper_bound(pieces_.begin(), pieces_.end(), x,
                                        [](double a, const Piece& b) { return a < in_ns(b.to); });
    return static_cast<std::size_t>(found - pieces_.begin());
  }
  static double part_below(const Piece& piece, double x) {
    const double from = in_ns(piece.from);
    return x <= from ? 0.0 : piece.mass * (x - from) / in_ns(piece.to - piece.from);
  }

  std::vector<Piece> pieces_;
  std::vector<double> rest_;    // mass of piece i and all later ones
  std::vector<double> starts_;  // share of the mass before piece i
  double total_ = 0.0;
};

// The quantile function is searched for: the smallest whole n with P(X <= n + 1/2) > fraction.
class Mixture final : public Law {
 public:
  struct Component {
    double weight;  // > 0; their sum is 1
    LawPtr law;
  };

  explicit Mixture(std::vector<Component> components)
      : Law(hull(components)), components_(std::move(components)) {
    const std::int64_t last = nanos(support().max.value_or(std::max(support().min, longest_draw)));
    guide_.push_back(nanos(support().min));
    for (std::size_t i = 1; i < cells; ++i) {
      guide_.push_back(search(static_cast<double>(i) / cells, guide_.back(), last));
    }
    guide_.push_back(last);
  }

  // `log_weights` of any scale, -infinity allowed.
  static Part of(std::vector<std::pair<double, LawPtr>> log_weights) {
    std::erase_if(log_weights, [](const auto& part) { return !part.second || part.first == -infinity; });
    if (log_weights.empty()) {
      return {};
    }
    double most = -infinity;
    for (const auto& part : log_weights) {
      most = std::max(most, part.first);
    }
    double sum = 0.0;
    for (const auto& part : log_weights) {
      sum += std::exp(part.first - most);
    }
    std::vector<Component> components;
    for (auto& part : log_weights) {
      const double weight = std::exp(part.first - most) / sum;
      if (weight > 0.0) {
        components.push_back({weight, std::move(part.second)});
      }
    }
    const double log_share = most + std::log(sum);
    const Support all = hull(components);
    if (components.size() == 1) {
      return {components.front().law, log_share};
    }
    if (all.max == all.min) {
      return {point(all.min), log_share};
    }
    return {std::make_shared<Mixture>(std::move(components)), log_share};
  }

  double quantile(double fraction) const override {
    const auto cell = static_cast<std::size_t>(fraction * cells);
    return static_cast<double>(search(fraction, guide_[cell], guide_[cell + 1]));
  }
  double below(double x) const override {
    double sum = 0.0;
    for (const Component& c : components_) {
      sum += c.weight * c.law->below(x);
    }
    return sum;
  }
  double above(double x) const override {
    double sum = 0.0;
    for (const Component& c : components_) {
      sum += c.weight * c.law->above(x);
    }
    return sum;
  }
  Part within(Support range) const override {
    std::vector<std::pair<double, LawPtr>> left;
    for (const Component& c : components_) {
      Part part = c.law->within(range);
      left.emplace_back(std::log(c.weight) + part.log_share, std::move(part.law));
    }
    return of(std::move(left));
  }

 private:
  static constexpr std::size_t cells = 1024;  // a power of two: their bounds are exact

  static Support hull(const std::vector<Component>& components) {
    Support result = components.front().law->support();
    for (const Component& c : components) {
      const Support& s = c.law->support();
      result.min = std::min(result.min, s.min);
      result.max = result.max && s.max ? std::max(result.max, s.max) : std::nullopt;
    }
    return result;
  }

  // > 0 where a draw at `fraction` is at most n; taken in the nearer tail.
  double excess(std::int64_t n, double fraction) const {
    const double x = static_cast<double>(n) + 0.5;
    return fraction < 0.5 ? below(x) - fraction : (1.0 - fraction) - above(x);
  }

  // The draw, known to be in [low, high]: false position with halved ends (Illinois), and a bisection
  // where three steps did less than three bisections would (points of mass, infinite tails).
  std::int64_t search(double fraction, std::int64_t low, std::int64_t high) const {
    if (low == high) {
      return low;
    }
    double at_low = excess(low, fraction);
    if (at_low > 0.0) {
      return low;
    }
    double at_high = excess(high, fraction);
    int last_side = 0;
    std::int64_t goal = high - low;
    for (int step = 0; high - low > 1; ++step) {
      const std::int64_t width = high - low;
      std::int64_t offset = width / 2;
      const bool slow = step % 3 == 0 && width > std::exchange(goal, width / 8);
      if (!slow) {
        const double guess = static_cast<double>(width) * (at_low / (at_low - at_high));
        offset = guess < static_cast<double>(width) ? static_cast<std::int64_t>(guess) : width;
        offset = std::clamp<std::int64_t>(offset, 1, width - 1);
      }
      const double at_guess = excess(low + offset, fraction);
      if (at_guess > 0.0) {
        high = low + offset;
        at_high = at_guess;
        at_low = last_side > 0 ? at_low / 2.0 : at_low;
        last_side = 1;
      } else {
        low += offset;
        at_low = at_guess;
        at_high = last_side < 0 ? at_high / 2.0 : at_high;
        last_side = -1;
      }
    }
    return high;
  }

  std::vector<Component> components_;
  std::vector<std::int64_t> guide_;  // the draw at i / cells
};

}  // namespace

LawPtr quantiles(const std::vector<std::pair<double, Duration>>& points) {
  assert(points.size() >= 2 && points.front().first == 0.0 && points.back().first == 1.0);
  std::vector<Pieces::Piece> pieces;
  for (std::size_t i = 1; i < points.size(); ++i) {
    const auto& [before, from] = points[i - 1];
    const auto& [after, to] = points[i];
    assert(before < after && Duration{0} <= from && from <= to);
    pieces.push_back({from, to, after - before});
  }
  return Pieces::of(std::move(pieces));
}

LawPtr histogram(const std::vector<HistogramBin>& bins) {
  std::vector<Pieces::Piece> pieces;
  Duration from{0};
  for (const HistogramBin& bin : bins) {
    assert(from < bin.upper || (pieces.empty() && from == bin.upper));
    pieces.push_back({from, bin.upper, static_cast<double>(bin.count)});
    from = bin.upper;
  }
  LawPtr law = Pieces::of(std::move(pieces));
  assert(law != nullptr);
  return law;
}

LawPtr mixture(const std::vector<std::pair<double, Latency>>& parts) {
  std::vector<std::pair<double, LawPtr>> weighed;
  for (const auto& [weight, latency] : parts) {
    assert(weight >= 0.0);
    weighed.emplace_back(std::log(weight), latency.law());
  }
  auto part = Mixture::of(std::move(weighed));
  assert(part.law != nullptr);
  return std::move(part.law);
}

}  // namespace cacherace::sim
