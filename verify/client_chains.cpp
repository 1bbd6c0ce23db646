#include "verify/client_chains.hpp"

#include <algorithm>

namespace cacherace::verify {

namespace {

std::size_t clients_of(const OperationsView& view) {
  ClientIndex greatest = 0;
  for (Position i = 0; i < view.operation_count(); ++i) {
    greatest = std::max(greatest, view.operation(i).client);
  }
  return std::size_t{greatest} + 1;
}

}  // namespace

void ClientChains::build(const OperationsView& view) {
  const Position count = view.operation_count();
  any_seam_ = false;
  previous_.resize(count);
  if (count <= small_) return build_by_pairs(view);
  const std::size_t clients = clients_of(view);
  if (clients <= count) return build_by_number(view, clients);
  build_by_sorting(view);
}

void ClientChains::build_if_seams(const OperationsView& view, const Census& census) {
  const Position count = view.operation_count();
  if (count <= small_ || census.greatest_client >= count || census.seams) return build(view);
  any_seam_ = false;
}

void ClientChains::build_by_pairs(const OperationsView& view) {
  for (Position i = 0; i < view.operation_count(); ++i) {
    const ClientIndex client = view.operation(i).client;
    Position j = i;
    do {
      --j;  // wraps round to `nowhere` below the first
    } while (j != nowhere && !(view.operation(j).client == client && view.certain(j)));
    link(view, i, j);
  }
}

void ClientChains::build_by_number(const OperationsView& view, std::size_t clients) {
  last_.assign(clients, nowhere);
  for (Position i = 0; i < view.operation_count(); ++i) {
    Position& last = last_[view.operation(i).client];
    link(view, i, last);
    if (view.certain(i)) last = i;
  }
}

void ClientChains::build_by_sorting(const OperationsView& view) {
  constexpr int half = 32;
  by_client_.clear();
  for (Position i = 0; i < view.operation_count(); ++i) {
    by_client_.push_back((std::uint64_t{view.operation(i).client} << half) | i);
  }
  std::sort(by_client_.begin(), by_client_.end());
  Position last = nowhere;
  for (std::size_t k = 0; k < by_client_.size(); ++k) {
    if (k == 0 || (by_client_[k] >> half) != (by_client_[k - 1] >> half)) last = nowhere;
    const auto at = static_cast<Position>(by_client_[k]);
    link(view, at, last);
    if (view.certain(at)) last = at;
  }
}

void ClientChains::link(const OperationsView& view, Position at, Position previous) {
  previous_[at] = previous;
  if (previous != nowhere && view.end(previous) == view.start(at)) any_seam_ = true;
}

}  // namespace cacherace::verify
