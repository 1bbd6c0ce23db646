// Laws given by a formula.
#include "sim/laws.hpp"

#include <algorithm>
#include <boost/math/special_functions/erf.hpp>
#include <cassert>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

namespace cacherace::sim {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

class Point final : public Law {
 public:
  explicit Point(Duration value) : Law({value, value}) {}

  double quantile(double /*fraction*/) const override { return value(); }
  double below(double x) const override { return x >= value() ? 1.0 : 0.0; }
  double above(double x) const override { return x >= value() ? 0.0 : 1.0; }
  Part within(Support range) const override {
    return contains(range, support().min) ? Part{point(support().min), 0.0} : Part{};
  }
  DrawForm form() const override { return {DrawKind::constant}; }

 private:
  double value() const { return in_ns(support().min); }
};

class Uniform final : public Law {
 public:
  explicit Uniform(Support support) : Law(support), start_(in_ns(support.min)), length_(length(support)) {}

  double quantile(double fraction) const override { return start_ + fraction * length_; }
  double below(double x) const override { return std::clamp((x - start_) / length_, 0.0, 1.0); }
  double above(double x) const override { return std::clamp((start_ + length_ - x) / length_, 0.0, 1.0); }
  Part within(Support range) const override {
    const Support part = intersection(support(), range);
    if (length(part) <= 0.0) {
      return {};
    }
    return {std::make_shared<Uniform>(part), std::log(length(part) / length_)};
  }
  DrawForm form() const override { return {DrawKind::uniform}; }

 private:
  double start_;
  double length_;
};

// The exponential law of mean 1 on [0, length]: what is left of it after any distance has the same shape.
struct Decay {
  double edge;  // P(distance > length) before the cut
  double mass;  // 1 - edge, with full precision
  explicit Decay(double length) : edge(std::exp(-length)), mass(-std::expm1(-length)) {}

  double below(double distance) const { return std::clamp(-std::expm1(-distance) / mass, 0.0, 1.0); }
  double above(double distance) const { return std::clamp((std::exp(-distance) - edge) / mass, 0.0, 1.0); }
  double log_share(double from, const Decay& part) const {
    return std::log(part.mass) - from - std::log(mass);
  }
};

class Exponential final : public Law {
 public:
  Exponential(Support support, double mean)
      : Law(support), start_(in_ns(support.min)), mean_(mean), decay_(length(support) / mean) {}

  double quantile(double fraction) const override {
    return start_ + exponential_offset(fraction, mean_, decay_.edge, decay_.mass);
  }
  double below(double x) const override { return decay_.below((x - start_) / mean_); }
  double above(double x) const override { return decay_.above((x - start_) / mean_); }
  Part within(Support range) const override {
    const Support part = intersection(support(), range);
    if (length(part) <= 0.0) {
      return {};
    }
    auto law = std::make_shared<Exponential>(part, mean_);
    const double share = decay_.log_share((law->start_ - start_) / mean_, law->decay_);
    return {std::move(law), share};
  }
  DrawForm form() const override { return {DrawKind::exponential, mean_, decay_.edge, decay_.mass}; }

 private:
  double start_;
  double mean_;
  Decay decay_;
};

// shape * log(x / start) is exponential with mean 1.
class Pareto final : public Law {
 public:
  Pareto(Support support, double shape)
      : Law(support),
        start_(in_ns(support.min)),
        shape_(shape),
        decay_(support.max ? distance(in_ns(*support.max)) : infinity) {}

  double quantile(double fraction) const override {
    return start_ * std::exp(exponential_offset(fraction, 1.0 / shape_, decay_.edge, decay_.mass));
  }
  double below(double x) const override { return x <= start_ ? 0.0 : decay_.below(distance(x)); }
  double above(double x) const override { return x <= start_ ? 1.0 : decay_.above(distance(x)); }
  Part within(Support range) const override {
    const Support part = intersection(support(), range);
    if (length(part) <= 0.0) {
      return {};
    }
    auto law = std::make_shared<Pareto>(part, shape_);
    const double share = decay_.log_share(distance(law->start_), law->decay_);
    return {std::move(law), share};
  }

 private:
  double distance(double x) const { return shape_ * std::log(x / start_); }

  double start_;
  double shape_;
  Decay decay_;
};

using Plain = boost::math::policies::policy<boost::math::policies::promote_double<false>>;

// P(Z <= z) of the standard normal law; its complement is bell_below(-z).
double bell_below(double z) {
  if (std::isinf(z)) {
    return z < 0.0 ? 0.0 : 1.0;
  }
  return 0.5 * boost::math::erfc(-z / std::numbers::sqrt2, Plain());
}

// P(from < Z <= to), taken in the tail where both are.
double bell_between(double from, double to) {
  return from > 0.0 ? bell_below(-from) - bell_below(-to) : bell_below(to) - bell_below(from);
}

// The z >= 0 with P(Z > z) = q <= 1/2.
double bell_upper_quantile(double q) {
  return q > 0.0 ? std::numbers::sqrt2 * boost::math::erfc_inv(2.0 * q, Plain()) : infinity;
}

struct Linear {
  double centre;
  double spread;
  double value(double z) const { return centre + spread * z; }
  double score(double x) const { return (x - centre) / spread; }
};

struct Logarithmic {
  double centre;
  double spread;
  double value(double z) const { return centre * std::exp(spread * z); }
  double score(double x) const { return x > 0.0 ? std::log(x / centre) / spread : -infinity; }
};

// A law that a scale turns into the standard normal one.
template <class Scale>
class Bell final : public Law {
 public:
  Bell(Support support, Scale scale)
      : Law(support),
        scale_(scale),
        from_(scale.score(in_ns(support.min))),
        to_(support.max ? scale.score(in_ns(*support.max)) : infinity),
        below_(bell_below(from_)),
        above_(bell_below(-to_)),
        mass_(bell_between(from_, to_)),
        pivot_((0.5 - below_) / mass_) {}

  // From the nearer tail: the fraction that falls on the median divides them.
  double quantile(double fraction) const override {
    if (fraction < pivot_) {
      return scale_.value(-bell_upper_quantile(std::min(0.5, below_ + fraction * mass_)));
    }
    return scale_.value(bell_upper_quantile(std::min(0.5, above_ + (1.0 - fraction) * mass_)));
  }
  double below(double x) const override {
    return std::clamp(bell_between(from_, std::max(from_, scale_.score(x))) / mass_, 0.0, 1.0);
  }
  double above(double x) const override {
    return std::clamp(bell_between(std::min(to_, scale_.score(x)), to_) / mass_, 0.0, 1.0);
  }
  Part within(Support range) const override {
    const Support part = intersection(support(), range);
    if (length(part) <= 0.0) {
      return {};
    }
    auto law = std::make_shared<Bell>(part, scale_);
    if (law->mass_ < least_mass) {
      return {};
    }
    const double share = std::log(law->mass_ / mass_);
    return {std::move(law), share};
  }

 private:
  static constexpr double least_mass = 1e-280;

  Scale scale_;
  double from_;
  double to_;
  double below_;
  double above_;
  double mass_;
  double pivot_;
};

template <class Scale>
LawPtr bell(Support support, Scale scale) {
  return std::make_shared<Bell<Scale>>(support, scale);
}

}  // namespace

LawPtr point(Duration value) {
  assert(value >= Duration{0});
  return std::make_shared<Point>(value);
}

LawPtr uniform(Duration a, Duration b) {
  assert(Duration{0} <= a && a <= b);
  return a == b ? point(a) : std::make_shared<Uniform>(Support{a, b});
}

LawPtr exponential(Duration mean) {
  assert(mean > Duration{0});
  return std::make_shared<Exponential>(Support{}, in_ns(mean));
}

LawPtr normal(Duration mean, Duration stddev) {
  assert(mean >= Duration{0} && stddev >= Duration{0});
  return stddev == Duration{0} ? point(mean) : bell(Support{}, Linear{in_ns(mean), in_ns(stddev)});
}

LawPtr lognormal(Duration median, Duration p99) {
  assert(Duration{0} < median && median <= p99);
  if (median == p99) {
    return point(median);
  }
  const double sigma = std::log(in_ns(p99) / in_ns(median)) / bell_upper_quantile(0.01);
  return bell(Support{}, Logarithmic{in_ns(median), sigma});
}

LawPtr pareto(Duration min, double shape) {
  assert(min > Duration{0} && shape > 0.0);
  return std::make_shared<Pareto>(Support{min, std::nullopt}, shape);
}

}  // namespace cacherace::sim
