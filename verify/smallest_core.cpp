#include "verify/smallest_core.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>

namespace cacherace::verify {
namespace {

constexpr std::size_t steps_max = std::size_t{1} << 18U;

}  // namespace

SmallestCore::Outcome SmallestCore::find(std::size_t most) {
  std::size_t size = 0;
  while (true) {
    chosen_.clear();
    taken_.assign(elements_, false);
    if (!hit(size)) {
      if (steps_ > steps_max) return Outcome::unknown;
      if (++size > most) return Outcome::none;
      continue;
    }
    const std::optional<bool> done = add_corrections();
    if (!done) return Outcome::unknown;
    if (*done) return Outcome::found;
  }
}

// Completes chosen_ by at most `more` elements to a set that hits every correction, if it can be.
bool SmallestCore::hit(std::size_t more) {
  if (++steps_ > steps_max) return false;
  const Set* const correction = to_hit(more);
  if (correction == nullptr) {
    return std::all_of(corrections_.begin(), corrections_.end(),
                       [this](const Set& one) { return is_hit(one); });
  }
  for (const Element element : *correction) {
    chosen_.push_back(element);
    taken_[element] = true;
    if (hit(more - 1)) return true;
    taken_[element] = false;
    chosen_.pop_back();
  }
  return false;
}

// The smallest correction that is not hit; none where all are, or where more than `more` of them share
// nothing.
const SmallestCore::Set* SmallestCore::to_hit(std::size_t more) {
  marked_.assign(elements_, false);
  std::size_t apart = 0;
  const Set* smallest = nullptr;
  for (const Set& correction : corrections_) {
    if (is_hit(correction)) continue;
    if (smallest == nullptr || correction.size() < smallest->size()) smallest = &correction;
    if (std::any_of(correction.begin(), correction.end(), [this](Element e) { return marked_[e]; })) continue;
    for (const Element element : correction) marked_[element] = true;
    if (++apart > more) return nullptr;
  }
  return smallest;
}

bool SmallestCore::is_hit(const Set& correction) const {
  return std::any_of(correction.begin(), correction.end(), [this](Element e) { return taken_[e]; });
}

// Whether chosen_ contradicts itself; if not, what else must be hit.
std::optional<bool> SmallestCore::add_corrections() {
  Set part = chosen_;
  std::sort(part.begin(), part.end());
  for (bool first = true;; first = false) {
    const std::optional<bool> bad = contradictory_(part);
    if (!bad) return std::nullopt;
    if (*bad) {
      if (first) core_ = part;
      return first;
    }
    Set grown = part;
    Set correction;
    if (!grow(grown, correction, 0, elements_)) return std::nullopt;
    std::sort(correction.begin(), correction.end());
    corrections_.push_back(correction);
    Set both;
    std::set_union(part.begin(), part.end(), correction.begin(), correction.end(), std::back_inserter(both));
    part.swap(both);
  }
}

// Adds as much of [begin, end) to `grown` as does not contradict it, the rest to `correction`.
std::optional<bool> SmallestCore::grow(Set& grown, Set& correction, Element begin, Element end) {
  Set range(end - begin);
  std::iota(range.begin(), range.end(), begin);
  Set more;
  std::set_union(grown.begin(), grown.end(), range.begin(), range.end(), std::back_inserter(more));
  if (more.size() == grown.size()) return true;
  const std::optional<bool> bad = contradictory_(more);
  if (!bad) return std::nullopt;
  if (!*bad) {
    grown.swap(more);
    return true;
  }
  if (end - begin == 1) {
    correction.push_back(begin);
    return true;
  }
  const Element middle = begin + (end - begin) / 2;
  // The later first: what is about the end is in fewer corrections, and these are smaller.
  if (!grow(grown, correction, middle, end)) return std::nullopt;
  return grow(grown, correction, begin, middle);
}

}  // namespace cacherace::verify
