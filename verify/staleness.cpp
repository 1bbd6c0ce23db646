#include "verify/staleness.hpp"

#include <algorithm>

namespace cacherace::verify {

void Staleness::judge(const KeyView& view, const ClientChains& chains, const CommitOrder& commits,
                      Verdict& verdict) {
  rank_operations(view, commits, verdict);
  spans_.clear();
  const bool few = view.operation_count() <= small_;
  if (!few) index(view, chains, commits);
  for (Position i = 0; i < view.operation_count(); ++i) {
    if (!is_ok_read(view.operation(i))) continue;
    if (dirty_[i]) {
      ReadFinding finding;
      finding.operation = view.operation_indices[i];
      finding.dirty = true;
      verdict.reads.push_back(finding);
    } else {
      judge_read(view, i, few ? scan(view, i) : look_up(view, chains, i), commits, verdict);
    }
  }
  if (!spans_.empty()) join_post_ack(view.key, verdict);
}

void Staleness::rank_operations(const KeyView& view, const CommitOrder& commits, Verdict& verdict) {
  rank_.resize(view.operation_count());
  dirty_.resize(view.operation_count());
  for (Position i = 0; i < view.operation_count(); ++i) {
    const Operation& operation = view.operation(i);
    rank_[i] = uncommitted;
    dirty_[i] = 0;
    if (operation.outcome != Outcome::ok) continue;
    const Rank rank = rank_[i] = commits.rank_of(operation.value);
    if (operation.kind == OperationKind::read) {
      const Nanos committed =
          rank == uncommitted ? commits.committed_at(operation.value) : commits.instant(rank);
      dirty_[i] = committed == never || committed > operation.end;
    } else if (rank == uncommitted) {
      ++verdict.lost_writes;
    }
  }
}

void Staleness::judge_read(const KeyView& view, Position at, const Before& before, const CommitOrder& commits,
                           Verdict& verdict) {
  const Operation& read = view.operation(at);
  const Rank rank = rank_[at];
  ReadFinding finding;
  finding.operation = view.operation_indices[at];
  if (rank < commits.newest() && commits.instant(rank + 1) < read.start) {
    finding.outdated_age = read.start - commits.instant(rank + 1);
    finding.lag = commits.committed_before(read.start) - rank;
  }
  if (before.newer_write != uncommitted) {
    finding.stale_age = read.start - before.newer_write_end;
    spans_.push_back({before.newer_write_end, read.end, view.key});
  }
  finding.inversion = rank < before.any_read;
  finding.breaks_read_your_writes = rank < before.own_write;
  finding.breaks_monotonic_reads = rank < before.own_read;
  if (finding.outdated_age >= 0 || finding.stale_age >= 0 || finding.inversion ||
      finding.breaks_read_your_writes || finding.breaks_monotonic_reads) {
    verdict.reads.push_back(finding);
  }
}

// Operations stand in the order of invocation, so only earlier ones can be before the read.
Staleness::Before Staleness::scan(const KeyView& view, Position at) const {
  const Operation& read = view.operation(at);
  Before before;
  for (Position i = 0; i < at; ++i) {
    const Operation& other = view.operation(i);
    const bool own = other.client == read.client;
    if (other.outcome != Outcome::ok || (!own && other.end >= read.start)) continue;
    const Rank rank = rank_[i];
    if (other.kind == OperationKind::read) {
      before.any_read = std::max(before.any_read, rank);
      if (own && !dirty_[i]) before.own_read = std::max(before.own_read, rank);
    } else if (rank != uncommitted) {
      if (own) before.own_write = std::max(before.own_write, rank);
      if (rank > rank_[at] && rank < before.newer_write) {
        before.newer_write = rank;
        before.newer_write_end = other.end;
      }
    }
  }
  return before;
}

void Staleness::index(const KeyView& view, const ClientChains& chains, const CommitOrder& commits) {
  write_end_.assign(commits.newest(), never);
  own_.resize(view.operation_count());
  for (Position i = 0; i < view.operation_count(); ++i) {
    const Operation& operation = view.operation(i);
    if (operation.outcome != Outcome::ok) continue;
    const Position previous = chains.previous(i);
    Own own = previous == nowhere ? Own{} : own_[previous];
    const Rank rank = rank_[i];
    if (operation.kind == OperationKind::read) {
      own.any_read = std::max(own.any_read, rank);
      if (!dirty_[i]) own.clean_read = std::max(own.clean_read, rank);
    } else if (rank != uncommitted) {
      own.write = std::max(own.write, rank);
      write_end_[rank - 1] = operation.end;
    }
    own_[i] = own;
  }
  newer_returned_.build(write_end_);
  index_reads(view);
}

void Staleness::index_reads(const KeyView& view) {
  returned_.clear();
  for (Position i = 0; i < view.operation_count(); ++i) {
    if (is_ok_read(view.operation(i))) returned_.push_back({view.operation(i).end, rank_[i]});
  }
  std::sort(returned_.begin(), returned_.end(),
            [](const Returned& a, const Returned& b) { return a.end < b.end; });
  for (std::size_t i = 1; i < returned_.size(); ++i) {
    returned_[i].rank = std::max(returned_[i].rank, returned_[i - 1].rank);
  }
}

Staleness::Before Staleness::look_up(const KeyView& view, const ClientChains& chains, Position at) const {
  const Operation& read = view.operation(at);
  Before before;
  const std::size_t newer = newer_returned_.find(rank_[at], read.start);
  if (newer != FirstBelow::none) {
    before.newer_write = static_cast<Rank>(newer + 1);
    before.newer_write_end = write_end_[newer];
  }
  const auto later = std::lower_bound(returned_.begin(), returned_.end(), read.start,
                                      [](const Returned& entry, Nanos bound) { return entry.end < bound; });
  if (later != returned_.begin()) before.any_read = std::prev(later)->rank;
  const Position previous = chains.previous(at);
  if (previous == nowhere) return before;
  before.any_read = std::max(before.any_read, own_[previous].any_read);
  before.own_read = own_[previous].clean_read;
  before.own_write = own_[previous].write;
  // Own writes that returned at this very instant are not found by time. Walked only if one of them can
  // matter.
  if (before.own_write <= rank_[at]) return before;
  for (Position p = previous; p != nowhere && view.operation(p).end == read.start; p = chains.previous(p)) {
    const bool newer_write = is_ok_write(view.operation(p)) && rank_[p] > rank_[at];
    if (newer_write && rank_[p] < before.newer_write) {
      before.newer_write = rank_[p];
      before.newer_write_end = view.operation(p).end;
    }
  }
  return before;
}

void Staleness::join_post_ack(KeyIndex key, Verdict& verdict) {
  std::sort(spans_.begin(), spans_.end(),
            [](const PostAckWindow& a, const PostAckWindow& b) { return a.from < b.from; });
  PostAckWindow joined = spans_.front();
  joined.key = key;
  for (const PostAckWindow& span : spans_) {
    if (span.from > joined.to) {
      verdict.post_ack.push_back(joined);
      joined = span;
    }
    joined.to = std::max(joined.to, span.to);
  }
  verdict.post_ack.push_back(joined);
}

}  // namespace cacherace::verify
