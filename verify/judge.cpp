#include "verify/judge.hpp"

#include <algorithm>

namespace cacherace::verify {

bool Verdict::violates() const {
  const auto wrong = [](const ReadFinding& read) {
    return read.stale_age >= 0 || read.dirty || read.inversion;
  };
  return !linearizable || !stuck.empty() || lost_writes > 0 || std::any_of(reads.begin(), reads.end(), wrong);
}

void Judge::begin(const Execution& execution) {
  verdict_.linearizable = true;
  verdict_.first_bad_key = 0;
  verdict_.reads.clear();
  verdict_.windows.clear();
  verdict_.post_ack.clear();
  verdict_.stuck.clear();
  verdict_.lost_writes = 0;
  groups_.split(execution);
}

const Verdict& Judge::judge_cache(const Execution& execution) {
  begin(execution);
  for (std::size_t group = 0; group < groups_.size(); ++group) {
    commits_.build(groups_.view(group));
    windows_.judge(groups_.view(group), commits_, verdict_);
  }
  return verdict_;
}

const Verdict& Judge::judge(const Execution& execution) {
  begin(execution);
  for (std::size_t group = 0; group < groups_.size(); ++group) judge_key(groups_.view(group));
  if (groups_.size() > 1) {
    std::sort(verdict_.reads.begin(), verdict_.reads.end(),
              [](const ReadFinding& a, const ReadFinding& b) { return a.operation < b.operation; });
  }
  return verdict_;
}

void Judge::judge_key(const KeyView& view) {
  chains_.build(view);
  if (verdict_.linearizable && !register_.linearizable(view, chains_)) {
    verdict_.linearizable = false;
    verdict_.first_bad_key = view.key;
  }
  commits_.build(view);
  staleness_.judge(view, chains_, commits_, verdict_);
  windows_.judge(view, commits_, verdict_);
}

}  // namespace cacherace::verify
