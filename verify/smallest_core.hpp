// The smallest part of a set that contradicts itself.
//
// What may be asked of a part is whether it contradicts itself; whatever contains one that does does so, too.
// Source: Ignatiev, Previti, Liffiton and Marques-Silva, "Smallest MUS extraction with minimal hitting set
// dualization" (CP 2015). A part that does not contradict itself, grown as far as it goes, leaves out a
// *correction*: every contradictory part has an element of it. So a contradictory part is no smaller than the
// smallest set that has an element of each correction known, and where that set contradicts itself, it is a
// smallest one. Otherwise it is grown and gives more corrections.
//
// Deviations: several corrections that share nothing are taken from each set; and the search is for parts up
// to a given size only, so that "there is none" is proved as soon as corrections need more elements.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace cacherace::verify {

class SmallestCore {
 public:
  using Element = std::uint32_t;
  using Set = std::vector<Element>;  // ascending

  // `contradictory` answers for a set; nothing: it may not be asked any more.
  SmallestCore(Element elements, std::function<std::optional<bool>(const Set&)> contradictory)
      : elements_(elements), contradictory_(std::move(contradictory)) {}

  enum class Outcome : std::uint8_t { found, none, unknown };

  // Looks for one of at most `most` elements. Exponential in `most`; limited by what may be asked, and by
  // the work of looking for hitting sets.
  Outcome find(std::size_t most);

  // After `found`: a smallest one.
  [[nodiscard]] const Set& core() const { return core_; }

 private:
  bool hit(std::size_t more);
  [[nodiscard]] const Set* to_hit(std::size_t more);
  [[nodiscard]] bool is_hit(const Set& correction) const;
  std::optional<bool> add_corrections();
  std::optional<bool> grow(Set& grown, Set& correction, Element begin, Element end);

  Element elements_;
  std::function<std::optional<bool>(const Set&)> contradictory_;
  std::vector<Set> corrections_;
  Set chosen_;
  Set core_;
  std::vector<bool> taken_;   // by element: in chosen_
  std::vector<bool> marked_;  // by element: in one of the corrections that share nothing
  std::size_t steps_ = 0;
};

}  // namespace cacherace::verify
