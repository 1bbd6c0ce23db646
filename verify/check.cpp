#include "verify/check.hpp"

#include <algorithm>
#include <atomic>
#include <span>
#include <thread>

#include "verify/key_judge.hpp"

namespace cacherace::verify {
namespace {

// The operations of each key that has any, ascending.
class ByKey {
 public:
  explicit ByKey(const std::vector<Operation>& operations) {
    KeyIndex greatest = 0;
    for (const Operation& operation : operations) greatest = std::max(greatest, operation.key);
    std::vector<std::size_t> begin(std::size_t{greatest} + 2, 0);
    for (const Operation& operation : operations) ++begin[operation.key + 1];
    for (std::size_t key = 1; key < begin.size(); ++key) begin[key] += begin[key - 1];
    for (KeyIndex key = 0; key <= greatest; ++key) {
      if (begin[key] < begin[key + 1]) parts_.push_back({key, begin[key], begin[key + 1]});
    }
    indices_.resize(operations.size());
    for (std::size_t i = 0; i < operations.size(); ++i) {
      indices_[begin[operations[i].key]++] = static_cast<OperationIndex>(i);
    }
  }

  [[nodiscard]] std::size_t size() const { return parts_.size(); }
  [[nodiscard]] KeyIndex key(std::size_t part) const { return parts_[part].key; }
  [[nodiscard]] std::span<const OperationIndex> operations(std::size_t part) const {
    return std::span(indices_).subspan(parts_[part].begin, parts_[part].end - parts_[part].begin);
  }

 private:
  struct Part {
    KeyIndex key;
    std::size_t begin, end;
  };
  std::vector<Part> parts_;
  std::vector<OperationIndex> indices_;
};

// Each key is judged alone and has a place of its own for what is found, so that the number of jobs and who
// takes which key do not matter.
std::vector<KeyFindings> judge_keys(const History& history, const ByKey& keys, const CheckOptions& options,
                                    std::size_t small) {
  std::vector<KeyFindings> found(keys.size());
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    KeyJudge judge(small);
    for (std::size_t i = next++; i < keys.size(); i = next++) {
      found[i] = judge.judge(history, view_of(history, keys.key(i), keys.operations(i)), options);
    }
  };
  std::vector<std::thread> helpers;
  for (std::size_t job = 1; job < std::min<std::size_t>(options.jobs, keys.size()); ++job) {
    helpers.emplace_back(work);
  }
  work();
  for (std::thread& helper : helpers) helper.join();
  return found;
}

void add_linearizable(const KeyVerdict& key, HistoryVerdict& verdict) {
  if (key.linearizable == false) {
    verdict.linearizable = false;
  } else if (!key.linearizable && verdict.linearizable == true) {
    verdict.linearizable.reset();
  }
  if (verdict.undecided == Undecided::no) verdict.undecided = key.undecided;
}

}  // namespace

HistoryVerdict Checker::check(const History& history, const CheckOptions& options) {
  const ByKey keys(history.operations);
  HistoryVerdict verdict;
  verdict.operations = history.operations.size();
  verdict.linearizable = true;
  for (KeyFindings& found : judge_keys(history, keys, options, small_)) {
    add_linearizable(found.verdict, verdict);
    verdict.keys.push_back(std::move(found.verdict));
  }
  return verdict;
}

std::vector<OperationIndex> partial_linearization(const History&, const KeyVerdict&, std::size_t) {
  return {};
}

}  // namespace cacherace::verify
